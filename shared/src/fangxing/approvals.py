"""Approvals 审批: a document goes through the steps of a route, each for one role of the authority matrix (1-3).

Route, policy version, content and its hash are frozen at submission; the person is resolved when he decides. Nobody
approves what he made or had an incompatible hand in, nor two steps of one case, deputy and principal counted as one; a
decision binds the hash of what its decider saw.
"""

import hmac
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import DateTime, ForeignKey, Index, LargeBinary, String, bindparam, select
from sqlalchemy import Text as TextColumn
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fangxing.auth import Principal, role_required
from fangxing.clauses import clause
from fangxing.database import Reader, Tx, reading
from fangxing.database.tables import Table
from fangxing.database.types import one_of
from fangxing.documents import OWN_CASE, Documented, add_history, tell_author
from fangxing.errors import DomainError, ErrorType, Kind
from fangxing.ids import new_id
from fangxing.policies import PolicyBook
from fangxing.roles import Role
from fangxing.routes import RoutePolicy
from fangxing.tasks import close_tasks, open_task
from fangxing.text import Paragraph, Text
from fangxing.validation import Body
from fangxing.verdicts import canonical
from fangxing.work import Work

CASE_NOT_FOUND = ErrorType(
    "approval-not-found", Kind.NOT_FOUND, "没有待审批的 {document}", "Nothing to approve for {document}"
)
TWO_STEPS = ErrorType(
    "two-steps",
    Kind.FORBIDDEN,
    "同一人不能审批同一事项的两个环节",
    "Nobody approves two steps of one case",
    clause="1-3",
)
FIGURES_CHANGED = ErrorType(
    "figures-changed",
    Kind.CONFLICT,
    "您看到的内容已变更，请刷新后再审批",
    "What you saw has changed; read it again before deciding",
    field="seen_hash",
)
ROUTE_UNSET = ErrorType(
    "route-unset",
    Kind.CONFLICT,
    "审批路线 {key} 没有“{band}”一栏，请先设定",
    "The approval route {key} has no value for '{band}'; it must be set first",
    clause="1-3",
)


class Decision(StrEnum):
    """What a decider may say; `return` sends the document back to its author."""

    APPROVE = "approve"
    REJECT = "reject"
    RETURN = "return"


class CaseStatus(StrEnum):
    """The state of a case: waiting for a step, or what its last decision made of it."""

    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"
    RETURNED = "returned"


_CLOSES = {
    Decision.APPROVE: CaseStatus.APPROVED,
    Decision.REJECT: CaseStatus.REJECTED,
    Decision.RETURN: CaseStatus.RETURNED,
}


class Decide(Body):
    """A decision on the current step; `seen_hash` is `approval.hash` of what the decider saw."""

    decision: Decision
    seen_hash: Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
    comment: Paragraph | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """The steps of one case, with the version of the policy they come from and why this band applies."""

    band: str
    roles: tuple[Role, ...]
    clause: str
    policy_key: str
    policy_version: int


class ApprovalStep(Table):
    """One step of a case."""

    __tablename__ = "approval_steps"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("approval_cases.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[Role] = mapped_column(one_of(Role))
    decision: Mapped[Decision | None] = mapped_column(one_of(Decision))
    decided_by: Mapped[str | None] = mapped_column(String(80))
    decided_by_name: Mapped[str | None] = mapped_column(String(80))
    on_behalf_of: Mapped[str | None] = mapped_column(String(80))
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    seen_hash: Mapped[str | None] = mapped_column(String(64))
    comment: Mapped[str | None] = mapped_column(TextColumn)

    @property
    def persons(self) -> set[str]:
        """Who decided the step: the person, and whom he stood in for."""
        return {person for person in (self.decided_by, self.on_behalf_of) if person is not None}


class ApprovalCase(Table):
    """One document on its way through a route, opened by `author` for what he made.

    `hash` binds `content` under the secret `nonce`, which no answer shows: who may not see an amount in the content
    would find it by trying.
    """

    __tablename__ = "approval_cases"
    __table_args__ = (
        Index("uq_approval_cases_open", "document", unique=True, postgresql_where="status = 'open'"),
        Index("ix_approval_cases_document", "document", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    matter: Mapped[str] = mapped_column(String(60))
    document: Mapped[str] = mapped_column(String(120))
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    nonce: Mapped[bytes] = mapped_column(LargeBinary(32))
    hash: Mapped[str] = mapped_column(String(64))
    author: Mapped[str] = mapped_column(String(80))
    band: Mapped[str] = mapped_column(String(60))
    clause: Mapped[str] = mapped_column(String(20))
    policy_key: Mapped[str] = mapped_column(String(80))
    policy_version: Mapped[int]
    title_zh: Mapped[str] = mapped_column(String(300))
    title_en: Mapped[str] = mapped_column(String(300))
    status: Mapped[CaseStatus] = mapped_column(one_of(CaseStatus))
    opened_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    steps: Mapped[list[ApprovalStep]] = relationship(order_by=ApprovalStep.number, lazy="selectin")

    @property
    def current(self) -> ApprovalStep | None:
        """The step that waits for a decision."""
        if self.status is not CaseStatus.OPEN:
            return None
        return next((step for step in self.steps if step.decision is None), None)


async def route_of(work: Work, policy: RoutePolicy, band: str, *, author: str | None = None) -> Route:
    """The route that the route policy gives in `band` for what the actor submits, or what he passes on of `author`.

    Only an author's own review is dropped, never one for whom somebody else passes his document on. Raises
    `route-unset`, so that no document goes unapproved.
    """
    book = await work.policies()
    his_own = author is None or author in work.actor.persons
    roles = steps_for(policy, band, book, held=work.actor.held if his_own else ())
    if not roles:
        raise ROUTE_UNSET(key=policy.key, band=band)
    return Route(band, roles, policy.clause, policy.key, book.version(policy))


@clause("1-3")
def steps_for(policy: RoutePolicy, band: str, book: PolicyBook, *, held: Collection[Role]) -> tuple[Role, ...]:
    """The steps of `band` for what somebody submits who has the roles `held`; none where the policy has no value.

    His own review is left out, which is never self-signed, but neither the last step nor the decider's.
    """
    roles = (book.get(policy) or {}).get(band, [])
    return tuple(role for role in roles if role in (roles[-1], policy.decider.get(band)) or role not in held)


async def submit(
    work: Work, document: Documented, *, matter: str, content: Mapping[str, Any], route: Route, title: Text
) -> ApprovalCase:
    """Open a case for `document` on `route`, close its other tasks and give the first role its task.

    `content` is what every decider is asked to see and sign; its hash is frozen with the case.
    """
    nonce = secrets.token_bytes(32)
    case = ApprovalCase(
        id=new_id(),
        matter=matter,
        document=document.document,
        content=dict(content),
        nonce=nonce,
        hash=hmac.digest(nonce, canonical(content), "sha256").hex(),
        author=document.author,
        band=route.band,
        clause=route.clause,
        policy_key=route.policy_key,
        policy_version=route.policy_version,
        title_zh=title.zh,
        title_en=title.en,
        status=CaseStatus.OPEN,
        opened_at=work.now,
        steps=[ApprovalStep(number=number, role=role) for number, role in enumerate(route.roles, 1)],
    )
    await close_tasks(work, case.document)
    work.tx.add(case)
    _give_task(work, case, case.steps[0])
    return case


def _give_task(work: Work, case: ApprovalCase, step: ApprovalStep) -> None:
    open_task(
        work,
        kind=f"approve.{case.matter}",
        role=step.role,
        document=case.document,
        clause=case.clause,
        title=Text(case.title_zh, case.title_en),
    )


_OPEN_CASE = (
    select(ApprovalCase)
    .where(ApprovalCase.document == bindparam("document"), ApprovalCase.status == CaseStatus.OPEN)
    .with_for_update()
    # what the session read before it had the lock may be out of date
    .execution_options(populate_existing=True)
)


async def _open_case(work: Work, document: str) -> ApprovalCase | None:
    """The open case of `document`, its row locked."""
    return (await work.tx.scalars(_OPEN_CASE, {"document": document})).first()


@clause("1-3")
async def decide_on(work: Work, document: Documented, body: Decide) -> ApprovalCase:
    """Record the actor's decision on the current step of a document locked for deciding; its case, open or closed.

    The next step gets its task; a document that is returned or rejected is its author's task. Raises
    `approval-not-found`, `role-required`, `own-case`, `two-steps` or `figures-changed`.
    """
    case = await _open_case(work, document.document)
    step = case.current if case else None
    if case is None or step is None:
        raise CASE_NOT_FOUND(document=document.document)
    if refused := refusal(case, step, work.actor, body.decision):
        raise refused
    if body.seen_hash != case.hash:
        raise FIGURES_CHANGED()
    step.decision, step.comment, step.seen_hash = body.decision, body.comment, body.seen_hash
    step.decided_by, step.decided_by_name, step.decided_at = work.actor.id, work.actor.name, work.now
    step.on_behalf_of = work.actor.on_behalf_of
    add_history(work, case.document, body.decision)
    following = case.current if body.decision is Decision.APPROVE else None
    if following is None:
        case.status, case.closed_at = _CLOSES[body.decision], work.now
    await close_tasks(work, case.document, f"approve.{case.matter}")
    if following is not None:
        _give_task(work, case, following)
    elif case.status is not CaseStatus.APPROVED:
        _tell_author(work, document, case, body.comment)
    return case


def _tell_author(work: Work, document: Documented, case: ApprovalCase, comment: str | None) -> None:
    why = Text(f"：{comment}", f": {comment}") if comment else Text("", "")
    said = {CaseStatus.REJECTED: ("未获批准", "Not approved"), CaseStatus.RETURNED: ("被退回", "Returned")}
    zh, en = said[case.status]
    title = Text(f"{zh}{why.zh}（{case.title_zh}）"[:300], f"{en}{why.en} ({case.title_en})"[:300])
    tell_author(work, document, kind=f"{case.status}.{case.matter}", clause=case.clause, title=title)


async def withdraw(work: Work, document: Documented) -> None:
    """Close what is open about a locked document that is taken back: its case, if it has one, and every task."""
    case = await _open_case(work, document.document)
    if case is not None:
        case.status, case.closed_at = CaseStatus.RETURNED, work.now
    await close_tasks(work, document.document)


def refusal(case: ApprovalCase, step: ApprovalStep, actor: Principal, decision: Decision) -> DomainError | None:
    """Why `actor` may not say `decision` at the step of the open case."""
    if not actor.has(step.role):
        return role_required(step.role)
    if case.author in actor.persons:
        return OWN_CASE()
    # who has signed a step may still stop the case at another one
    if decision is Decision.APPROVE and any(actor.persons & other.persons for other in case.steps):
        return TWO_STEPS()
    return None


def summary(case: ApprovalCase) -> dict[str, Any]:
    """The case as every service shows it: the route, who decided what, and who is next."""
    current = case.current
    return {
        "status": case.status,
        "band": case.band,
        "clause": case.clause,
        "hash": case.hash,
        "content": case.content,
        "policy": {"key": case.policy_key, "version": case.policy_version},
        "waiting_for": current.role if current else None,
        "steps": [_step(step) for step in case.steps],
    }


def _step(step: ApprovalStep) -> dict[str, Any]:
    return {
        "number": step.number,
        "role": step.role,
        "decision": step.decision,
        "decided_by": step.decided_by,
        "decided_by_name": step.decided_by_name,
        "decided_at": step.decided_at.isoformat() if step.decided_at else None,
        "comment": step.comment,
    }


async def latest(tx: Tx, documents: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The newest case of each of `documents` that has one, by document, as `summary` shows it."""
    cases = await tx.scalars(select(ApprovalCase).where(ApprovalCase.document.in_(documents)).order_by(ApprovalCase.id))
    return {case.document: summary(case) for case in cases}


async def read_latest(reader: Reader, documents: Sequence[str]) -> dict[str, dict[str, Any]]:
    """`latest` on a read-only connection."""
    async with reading(reader) as session:
        return await latest(session, documents)
