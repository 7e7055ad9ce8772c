"""Reading what may be tried with a document that stands in an approval."""

from uuid import UUID

from fangxing.answers import ApprovalOut
from fangxing.database import reading
from fangxing.documents import Documented, actions
from fangxing.policies import PolicyBook
from fangxing.work import Look


async def possible_actions(
    look: Look, book: PolicyBook, kind: type[Documented], id: UUID, approval: ApprovalOut | None
) -> list[str]:
    """What the caller may try with the document `id`, which is there; `approval` is its newest case."""
    async with reading(look.reader) as session:
        document = await session.get_one(kind, id)
        return actions(document, look.caller, book, waiting_for=approval.waiting_for if approval else None)
