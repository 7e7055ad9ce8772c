"""What can be wrong with a request about a truck's papers."""

from fangxing.errors import ErrorType, Kind

LOADING_NOT_OPEN = ErrorType(
    "loading-not-open",
    Kind.CONFLICT,
    "没有在装的这车货 {loading}，或已签字",
    "No loading {loading} is under way, or it is signed",
)
NOTHING_LOADED = ErrorType(
    "nothing-loaded", Kind.CONFLICT, "还没有装任何货", "Nothing is loaded yet", clause="5-4.2.1-E"
)
NOTE_NOT_FOUND = ErrorType(
    "delivery-note-not-found", Kind.NOT_FOUND, "没有送货单 {note}", "There is no delivery note {note}"
)
ALREADY_LEFT = ErrorType(
    "already-left",
    Kind.CONFLICT,
    "送货单 {number} 的车已经出门，不能补发出门证",
    "The truck with delivery note {number} has left already: no other pass",
    clause="5-4.2.1-F",
)
