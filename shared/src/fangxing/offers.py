"""Offers: what an answer says its reader may try with a document, so that nobody is offered what he would be refused.

An action is offered where the document's state has it, one of the reader's roles makes it, no earlier hand of his
stands against it and, of a decision, the step at hand is his. Whose customer or whose document it is, and what else a
feature refuses somebody for, its access.py says as `fits`; the use cases ask the same. What a feature says with
`fitting` holds wherever its documents are offered something, several at once and without a look per document:

    @fitting(Notice)
    async def fits_notices(tx: Tx, notices: Sequence[Notice], book: PolicyBook) -> Fits: ...
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any, TypeVar
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
Fitting = Callable[[Tx, Any, PolicyBook], Awaitable[Fits]]
"""What fits several documents of one kind, with all that it takes to say so read at once."""

_F = TypeVar("_F", bound=Fitting)
_FITTING: dict[type[Documented], Fitting] = {}


def always(document: Any, actor: Principal, action: Any) -> bool:
    """Whoever has the role fits."""
    return True


def fitting(kind: type[Documented]) -> Callable[[_F], _F]:
    """Says what fits documents of `kind`; where nobody says so, whoever has the role does."""

    def declare(function: _F) -> _F:
        _FITTING[kind] = function
        return function

    return declare


async def actions(tx: Tx, document: Documented, caller: Principal, book: PolicyBook) -> list[str]:
    """What `caller` may try with the document as it stands in `tx`, in any of his roles."""
    return (await offered(tx, [document], caller, book))[document.document]


async def possible_actions(look: Look, kind: type[Documented], id: UUID, book: PolicyBook) -> list[str]:
    """`actions` for who looks at the document `id`, which is there."""
    async with reading(look.reader) as session:
        return await actions(session, await session.get_one(kind, id), look.caller, book)


async def offered(
    tx: Tx, documents: Collection[Documented], caller: Principal, book: PolicyBook
) -> dict[str, list[str]]:
    """What `caller` may try with each of `documents`, by its name; a look or two per kind of document.

    Who has signed a step of a case is not offered another one, which he may only stop.
    """
    by_kind: defaultdict[type[Documented], list[Documented]] = defaultdict(list)
    for document in documents:
        by_kind[type(document)].append(document)
    tried: dict[str, list[tuple[Any, Principal | None]]] = {}
    for kind, several in by_kind.items():
        fits = await _FITTING[kind](tx, several, book) if kind in _FITTING else always
        tried |= {document.document: _tried(document, caller, book, fits) for document in several}
    routed = [name for name, actions in tried.items() if any(actor is not None for _, actor in actions)]
    cases = await _open_cases(tx, routed) if routed else {}
    return {
        name: [action for action, decider in actions if decider is None or _may_approve(cases.get(name), decider)]
        for name, actions in tried.items()
    }


def _tried(document: Documented, caller: Principal, book: PolicyBook, fits: Fits) -> list[tuple[Any, Principal | None]]:
    """The actions that state, roles, hands and `fits` leave; with who would decide where a step has its say."""
    found: list[tuple[Any, Principal | None]] = []
    for action, move in possible(document.moves, document.status).items():
        actor = caller.acting_as(move.roles)
        free = actor.roles and hindrance(document, f"{document.document_kind}.{action}", actor, book) is None
        if free and fits(document, actor, action):
            found.append((action, actor if move.by is ROUTE else None))
    return found


async def _open_cases(tx: Tx, documents: Sequence[str]) -> dict[str, ApprovalCase]:
    of_documents = select(ApprovalCase).where(ApprovalCase.document.in_(documents))
    cases = await tx.scalars(of_documents.where(ApprovalCase.status == CaseStatus.OPEN))
    return {case.document: case for case in cases}


def _may_approve(case: ApprovalCase | None, actor: Principal) -> bool:
    """Whether `actor` may say yes to the step at hand."""
    step = case.current if case else None
    return case is not None and step is not None and refusal(case, step, actor, Decision.APPROVE) is None
