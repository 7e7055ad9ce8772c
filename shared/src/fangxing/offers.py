"""Offers: what an answer says its reader may try with a document, so that nobody is offered what he would be refused.

An action is offered where the document's state has it, one of the reader's roles makes it, no earlier hand of his
stands against it and, of a decision, the step at hand is his. Whose customer or whose document it is, and what else a
feature refuses somebody for, its access.py says as `fits`; the use cases ask the same.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from fangxing.approvals import ApprovalCase, CaseStatus, Decision, refusal
from fangxing.auth import Principal
from fangxing.database import Tx, reading
from fangxing.documents import Documented, hindrance
from fangxing.moves import ROUTE, possible
from fangxing.policies import PolicyBook
from fangxing.work import Look

Fits = Callable[[Any, Principal, Any], bool]
"""Whether a document lets somebody, acting in the roles that an action is for, take that action."""


def always(document: Any, actor: Principal, action: Any) -> bool:
    """Whoever has the role fits."""
    return True


async def actions(tx: Tx, document: Documented, caller: Principal, book: PolicyBook, fits: Fits = always) -> list[str]:
    """What `caller` may try with the document as it stands in `tx`, in any of his roles.

    Who has signed a step of its case is not offered another one, which he may only stop.
    """
    offered: list[str] = []
    for action, move in possible(document.moves, document.status).items():
        actor = caller.acting_as(move.roles)
        free = actor.roles and hindrance(document, f"{document.document_kind}.{action}", actor, book) is None
        if not free or not fits(document, actor, action):
            continue
        if move.by is not ROUTE or await _may_approve(tx, document, actor):
            offered.append(action)
    return offered


async def possible_actions(
    look: Look, kind: type[Documented], id: UUID, book: PolicyBook, fits: Fits = always
) -> list[str]:
    """`actions` for who looks at the document `id`, which is there."""
    async with reading(look.reader) as session:
        return await actions(session, await session.get_one(kind, id), look.caller, book, fits)


async def _may_approve(tx: Tx, document: Documented, actor: Principal) -> bool:
    """Whether `actor` may say yes to the step at hand."""
    of_document = select(ApprovalCase).where(ApprovalCase.document == document.document)
    case = (await tx.scalars(of_document.where(ApprovalCase.status == CaseStatus.OPEN))).first()
    step = case.current if case else None
    return case is not None and step is not None and refusal(case, step, actor, Decision.APPROVE) is None
