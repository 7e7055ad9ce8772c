"""The history of a document over HTTP, for whoever sees the document."""

from typing import Any
from uuid import UUID

from fangxing.answers import HistoryOut
from fangxing.documents import Documented
from fangxing.history import timeline
from fangxing.web.listing import Listing
from fangxing.work import Look


async def history_of(look: Look, listing: Listing[Any, Any], kind: type[Documented], id: UUID) -> list[HistoryOut]:
    """What was done with the document `id`, oldest first.

    Raises `<kind>-not-found` where there is none or the caller does not see it by `listing`.
    """
    await listing.check(look, id, kind.not_found(id))
    return [HistoryOut.show(entry, look.language) for entry in await timeline(look.reader, kind, id)]
