"""What can be wrong with a request about a truck's papers."""

from fangxing.errors import ErrorType, Kind

NOTHING_LOADED = ErrorType(
    "nothing-loaded", Kind.CONFLICT, "还没有装任何货", "Nothing is loaded yet", clause="5-4.2.1-E"
)
