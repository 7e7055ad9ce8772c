"""Use cases of handling a complaint: cause and handling are signed, approved, carried out, and the case is closed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select

from complaint_svc.complaints import rules
from complaint_svc.complaints.events import ComplaintClosed
from complaint_svc.complaints.policies import GRUMBLE_DECIDER
from complaint_svc.complaints.service import handling_task, locked, must_own, rep_task
from complaint_svc.complaints.store import Complaint, Handling
from complaint_svc.customers.store import Customer
from complaint_svc.returns import proposing
from complaint_svc.returns.proposing import Drafts
from complaint_svc.returns.store import Return
from fangxing import approvals, decision_log
from fangxing.approvals import Decision, Route
from fangxing.auth import ROLE_REQUIRED
from fangxing.decision_log import VerdictRow
from fangxing.errors import ErrorType, Kind
from fangxing.ids import new_id
from fangxing.outbox import record_fact
from fangxing.roles import ROLE_NAMES, Role
from fangxing.tasks import close_tasks
from fangxing.text import Text
from fangxing.verdicts import Verdict, plain
from fangxing.work import Work

NOT_TO_HANDLE = ErrorType(
    "not-to-handle",
    Kind.CONFLICT,
    "该投诉尚未分派，或处理意见已签署",
    "The complaint is not routed yet, or its handling is signed already",
    clause="6-5.2.1",
)
ANALYSIS_MISSING = ErrorType(
    "quality-analysis-missing",
    Kind.INVALID,
    "质量问题须写明主、次原因及改善对策",
    "A quality problem needs main and secondary causes and the improvement",
    clause="6-5.2.2",
)
ALREADY_CLOSED = ErrorType(
    "complaint-closed", Kind.CONFLICT, "该投诉已结案", "This complaint is closed already", clause="6-5.3"
)
TOLD_IN_FUTURE = ErrorType(
    "told-in-future",
    Kind.INVALID,
    "告知客户的日期不能晚于今天",
    "The customer cannot have been told on a day to come",
    clause="6-5.3",
    field="told_customer_on",
)


@dataclass(frozen=True, slots=True)
class Signed:
    """What the responsible party signs; `returns` are the tons wanted back, by delivery note and line."""

    cause: str
    handling: str
    secondary_causes: str | None = None
    improvement: str | None = None
    returns: Mapping[UUID, Mapping[int, Decimal]] = field(default_factory=dict)


async def sign(work: Work, complaint_id: UUID, signed: Signed) -> tuple[Complaint, VerdictRow]:
    """The responsible party signs cause and handling and submits them; returns beyond what was shipped are a refusal.

    Raises `complaint-not-found`, `role-required`, `not-your-customer`, `not-to-handle`, `quality-analysis-missing`,
    `delivery-note-not-found`, `delivery-line-unknown` or `route-unset`.
    """
    complaint, customer = await locked(work, complaint_id)
    if complaint.status != "routed":
        raise NOT_TO_HANDLE()
    responsible = _must_be_responsible(work, complaint, customer)
    if missing := rules.missing_analysis(complaint.road, signed.secondary_causes, signed.improvement):  # type: ignore[arg-type]
        raise ANALYSIS_MISSING(at=missing)
    drafts = await proposing.draft_returns(work, complaint.customer_id, signed.returns)
    route = await _route_of(work, complaint, responsible, with_returns=bool(signed.returns))
    verdict = decision_log.keep(work, "handling", complaint.document, _verdict(complaint, drafts, route))
    if drafts.reasons:
        return complaint, verdict
    handling = await _store(work, complaint, signed, responsible)
    await proposing.hold(work, complaint, handling, drafts.drafts)
    complaint.status = "handled"
    await close_tasks(work, complaint.document)
    approvals.submit(
        work,
        matter="complaint_handling",
        document=complaint.document,
        content=_content(complaint, customer, handling, drafts),
        route=route,
        title=Text(
            f"投诉处理意见：{complaint.number}，{customer.name}，退货 {drafts.value} 元",
            f"Handling of complaint {complaint.number}: {customer.name}, returns worth {drafts.value} yuan",
        ),
    )
    return complaint, verdict


def _must_be_responsible(work: Work, complaint: Complaint, customer: Customer) -> Role:
    responsible = Role(complaint.responsible or Role.SALES_REP)
    if not work.actor.has(responsible):
        zh, en = ROLE_NAMES[responsible]
        raise ROLE_REQUIRED(roles_zh=zh, roles_en=en)
    if responsible is Role.SALES_REP:
        must_own(work.actor, customer)
    return responsible


async def _route_of(work: Work, complaint: Complaint, responsible: Role, *, with_returns: bool) -> Route:
    routes = (await work.policies()).get(GRUMBLE_DECIDER) or {}
    band = rules.decision_band(
        complaint.kind,  # type: ignore[arg-type]
        with_returns=with_returns,
        responsible=responsible,
        grumble_deciders=routes.get("plain_grumble", []),
    )
    return await approvals.route_of(work, GRUMBLE_DECIDER, band)


def _verdict(complaint: Complaint, drafts: Drafts, route: Route) -> Verdict:
    return Verdict(
        allowed=not drafts.reasons,
        outcome="refused" if drafts.reasons else route.band,
        reasons=tuple(drafts.reasons),
        inputs={
            "kind": complaint.kind,
            "complaint_road": complaint.road,
            "responsible": complaint.responsible,
            "returns": len(drafts.drafts),
            "returns_tons": drafts.tons,
            "returns_value": drafts.value,
        },
        policy_versions={route.policy_key: route.policy_version},
    )


async def _store(work: Work, complaint: Complaint, signed: Signed, responsible: Role) -> Handling:
    earlier = await work.tx.scalar(select(func.count()).where(Handling.complaint_id == complaint.id)) or 0
    handling = Handling(
        id=new_id(),
        complaint_id=complaint.id,
        number=earlier + 1,
        road=complaint.road,
        cause=signed.cause,
        secondary_causes=signed.secondary_causes,
        improvement=signed.improvement,
        handling=signed.handling,
        status="pending",
        signed_by=work.actor.id,
        signed_by_name=work.actor.name,
        signed_as=responsible,
        signed_at=work.now,
    )
    work.tx.add(handling)
    await work.tx.flush()
    return handling


def _content(complaint: Complaint, customer: Customer, handling: Handling, drafts: Drafts) -> dict[str, object]:
    """What the deciders see and sign: the complaint, its cause and handling, and what comes back at which value."""
    return {
        "complaint": complaint.number,
        "customer": customer.name,
        "kind": complaint.kind,
        "text": complaint.text,
        "lot": complaint.lot,
        "road": complaint.road,
        "handling_number": handling.number,
        "cause": handling.cause,
        "secondary_causes": handling.secondary_causes,
        "improvement": handling.improvement,
        "handling": handling.handling,
        "returns": [draft.content() for draft in drafts.drafts],
        "returns_value": plain(drafts.value),
        "signed_by": handling.signed_by,
    }


async def decide(
    work: Work, complaint_id: UUID, decision: Decision, *, seen_hash: str, comment: str | None
) -> Complaint:
    """Decide the current step. With the last yes the returns may come; with a no the responsible party starts anew.

    Raises `complaint-not-found` and what `approvals.decide` raises.
    """
    complaint, customer = await locked(work, complaint_id)
    case = await approvals.open_case(work, complaint.document)
    await approvals.decide(work, case, decision, seen_hash=seen_hash, comment=comment)
    if case.status == "open":
        return complaint
    handling = (
        await work.tx.scalars(
            select(Handling).where(Handling.complaint_id == complaint.id, Handling.status == "pending")
        )
    ).one()
    handling.status = case.status
    if case.status == "approved":
        await _approved(work, complaint, customer, handling)
    else:
        complaint.status = "routed"
        await proposing.refuse(work, handling)
        handling_task(work, complaint, customer)
    return complaint


async def _approved(work: Work, complaint: Complaint, customer: Customer, handling: Handling) -> None:
    complaint.status, complaint.approved_on = "approved", work.today
    await proposing.approve(work, handling)
    title = Text(
        f"把投诉 {complaint.number} 的处理结果告知客户，办完后结案",
        f"Tell the customer how complaint {complaint.number} is handled, and close it when done",
    )
    rep_task(work, complaint, customer, "close_complaint", "6-5.3", title)


async def close(work: Work, complaint_id: UUID, told_on: date, note: str) -> tuple[Complaint, VerdictRow]:
    """The rep closes a complaint whose customer was told and whose returns are all inspected or cancelled (6-5.3).

    Raises `complaint-not-found`, `not-your-customer`, `complaint-closed` or `told-in-future`.
    """
    complaint, customer = await locked(work, complaint_id)
    must_own(work.actor, customer)
    if complaint.status == "closed":
        raise ALREADY_CLOSED()
    if told_on > work.today:
        raise TOLD_IN_FUTURE()
    open_returns = await work.tx.scalars(
        select(Return.number)
        .where(Return.complaint_id == complaint.id, Return.status.in_(["proposed", "approved", "received"]))
        .order_by(Return.number)
    )
    verdict = rules.closing_verdict(
        approved_on=complaint.approved_on, told_on=told_on, open_returns=open_returns.all(), today=work.today
    )
    row = decision_log.keep(work, "closing", complaint.document, verdict)
    if not verdict.allowed:
        return complaint, row
    complaint.status, complaint.told_customer_on, complaint.closing_note = "closed", told_on, note
    complaint.closed_by, complaint.closed_on = work.actor.id, work.today
    await close_tasks(work, complaint.document)
    fields = ("number", "customer_id", "account_id", "road", "told_customer_on", "closed_on")
    event = ComplaintClosed.model_validate(
        {"complaint_id": complaint.id, **{name: getattr(complaint, name) for name in fields}}
    )
    record_fact(work, event, about=complaint, document=complaint.document, key=str(complaint.account_id))
    return complaint, row
