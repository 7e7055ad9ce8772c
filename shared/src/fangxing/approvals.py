"""Approvals 审批: a document goes through the steps of a route, each for one role of the authority matrix (1-3).

Route, policy version and the document's hash are frozen at submission; the person is resolved when he decides. Nobody
approves what he initiated or took part in, nor two steps of one case; a decision binds the hash of what its decider
saw.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Index, String, bindparam, select, text
from sqlalchemy import Text as TextColumn
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fangxing.auth import ROLE_REQUIRED
from fangxing.clauses import clause
from fangxing.database import Reader, Tx, reading
from fangxing.database.tables import Table
from fangxing.errors import ErrorType, Kind
from fangxing.ids import new_id
from fangxing.policies import Policy
from fangxing.roles import ROLE_NAMES, Role
from fangxing.tasks import close_tasks, open_task
from fangxing.text import Text
from fangxing.verdicts import content_hash
from fangxing.work import Work

CASE_NOT_FOUND = ErrorType(
    "approval-not-found", Kind.NOT_FOUND, "没有待审批的 {document}", "Nothing to approve for {document}"
)
CASE_CLOSED = ErrorType("approval-closed", Kind.CONFLICT, "该审批已结束", "This approval is already closed")
OWN_CASE = ErrorType(
    "own-case",
    Kind.FORBIDDEN,
    "不能审批自己发起或经手的事项",
    "Nobody approves what he initiated or took part in himself",
    clause="1-3",
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
    """What a decider may say; `return` sends the document back to its initiator."""

    APPROVE = "approve"
    REJECT = "reject"
    RETURN = "return"


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
    role: Mapped[str] = mapped_column(String(30))
    decision: Mapped[str | None] = mapped_column(String(10))
    decided_by: Mapped[str | None] = mapped_column(String(80))
    decided_by_name: Mapped[str | None] = mapped_column(String(80))
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    seen_hash: Mapped[str | None] = mapped_column(String(64))
    comment: Mapped[str | None] = mapped_column(TextColumn)


class ApprovalCase(Table):
    """One document on its way through a route; `status` is open, approved, rejected or returned.

    `took_part` are the ids of those who had a hand in the document before and may decide no step.
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
    hash: Mapped[str] = mapped_column(String(64))
    initiator: Mapped[str] = mapped_column(String(80))
    took_part: Mapped[list[str]] = mapped_column(JSONB, server_default=text("'[]'"))
    band: Mapped[str] = mapped_column(String(60))
    clause: Mapped[str] = mapped_column(String(20))
    policy_key: Mapped[str] = mapped_column(String(80))
    policy_version: Mapped[int]
    title_zh: Mapped[str] = mapped_column(String(300))
    title_en: Mapped[str] = mapped_column(String(300))
    status: Mapped[str] = mapped_column(String(10))
    opened_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    steps: Mapped[list[ApprovalStep]] = relationship(order_by=ApprovalStep.number, lazy="selectin")

    @property
    def current(self) -> ApprovalStep | None:
        """The step that waits for a decision."""
        if self.status != "open":
            return None
        return next((step for step in self.steps if step.decision is None), None)


@clause("1-3")
async def route_of(work: Work, policy: Policy[dict[str, list[Role]]], band: str) -> Route:
    """The route that the route policy gives for `band`; raises `route-unset`, so that no document goes unapproved."""
    book = await work.policies()
    roles = (book.get(policy) or {}).get(band)
    if not roles:
        raise ROUTE_UNSET(key=policy.key, band=band)
    return Route(band, tuple(roles), policy.clause, policy.key, book.version(policy))


def submit(
    work: Work,
    *,
    matter: str,
    document: str,
    content: Mapping[str, Any],
    route: Route,
    title: Text,
    initiator: str | None = None,
    took_part: Collection[str] = (),
) -> ApprovalCase:
    """Open a case for `document` on `route` and give the first role its task.

    `content` is what every decider is asked to see and sign; its hash is frozen with the case.
    `initiator` is who started the matter, where that is not the actor; nobody of `took_part` may decide any step.
    """
    case = ApprovalCase(
        id=new_id(),
        matter=matter,
        document=document,
        content=dict(content),
        hash=content_hash(content),
        initiator=initiator or work.actor.id,
        took_part=sorted(set(took_part)),
        band=route.band,
        clause=route.clause,
        policy_key=route.policy_key,
        policy_version=route.policy_version,
        title_zh=title.zh,
        title_en=title.en,
        status="open",
        opened_at=work.now,
        steps=[ApprovalStep(number=number, role=role) for number, role in enumerate(route.roles, 1)],
    )
    work.tx.add(case)
    _give_task(work, case, case.steps[0])
    return case


def _give_task(work: Work, case: ApprovalCase, step: ApprovalStep) -> None:
    open_task(
        work,
        kind=f"approve.{case.matter}",
        role=Role(step.role),
        document=case.document,
        clause=case.clause,
        title=Text(case.title_zh, case.title_en),
    )


_OPEN_CASE = (
    select(ApprovalCase)
    .where(ApprovalCase.document == bindparam("document"), ApprovalCase.status == "open")
    .with_for_update()
    # what the session read before it had the lock may be out of date
    .execution_options(populate_existing=True)
)


async def open_case(work: Work, document: str) -> ApprovalCase:
    """The open case of `document`, its row locked; raises `approval-not-found`."""
    case = (await work.tx.scalars(_OPEN_CASE, {"document": document})).first()
    if case is None:
        raise CASE_NOT_FOUND(document=document)
    return case


@clause("1-3")
async def decide(
    work: Work, case: ApprovalCase, decision: Decision, *, seen_hash: str, comment: str | None = None
) -> ApprovalCase:
    """Record the actor's decision on the current step of a locked case, and open the next step or close the case.

    Raises `approval-closed`, `role-required`, `own-case`, `two-steps` or `figures-changed`.
    """
    step = case.current
    if step is None:
        raise CASE_CLOSED()
    _may_decide(work, case, step, seen_hash)
    step.decision, step.comment, step.seen_hash = decision, comment, seen_hash
    step.decided_by, step.decided_by_name, step.decided_at = work.actor.id, work.actor.name, work.now
    following = case.current if decision is Decision.APPROVE else None
    if following is None:
        case.status = {"approve": "approved", "reject": "rejected", "return": "returned"}[decision]
        case.closed_at = work.now
    await close_tasks(work, case.document, f"approve.{case.matter}")
    if following is not None:
        _give_task(work, case, following)
    return case


async def withdraw(work: Work, case: ApprovalCase) -> None:
    """Close a locked open case whose document is taken back before anybody had the last word."""
    case.status, case.closed_at = "returned", work.now
    await close_tasks(work, case.document, f"approve.{case.matter}")


def _may_decide(work: Work, case: ApprovalCase, step: ApprovalStep, seen_hash: str) -> None:
    role = Role(step.role)
    if not work.actor.has(role):
        zh, en = ROLE_NAMES[role]
        raise ROLE_REQUIRED(roles_zh=zh, roles_en=en)
    if work.actor.id in (case.initiator, *case.took_part):
        raise OWN_CASE()
    if any(other.decided_by == work.actor.id for other in case.steps):
        raise TWO_STEPS()
    if seen_hash != case.hash:
        raise FIGURES_CHANGED()


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
