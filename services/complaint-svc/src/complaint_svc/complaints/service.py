"""Use cases of taking a complaint in and sorting it: the register (6-5.1.1) and the roads (6-5.1.2)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as pg_insert

from complaint_svc.complaints import rules
from complaint_svc.complaints.events import ComplaintRegistered, LotBlockRequested
from complaint_svc.complaints.policies import ANSWER_DAYS
from complaint_svc.complaints.store import Complaint, RegisterCounter, Routing
from complaint_svc.customers.scope import sees
from complaint_svc.customers.store import Customer
from complaint_svc.deliveries.store import DeliveryLine, DeliveryNote
from complaint_svc.returns.proposing import NOTE_NOT_FOUND
from fangxing.auth import Principal
from fangxing.clauses import clause
from fangxing.errors import ErrorType, Kind
from fangxing.ids import new_id
from fangxing.outbox import record_fact
from fangxing.roles import Role
from fangxing.tasks import close_tasks, open_task
from fangxing.text import Text
from fangxing.work import Work

CUSTOMER_NOT_FOUND = ErrorType(
    "customer-not-found",
    Kind.NOT_FOUND,
    "没有客户 {customer}",
    "There is no customer {customer}",
    field="customer_id",
)
COMPLAINT_NOT_FOUND = ErrorType(
    "complaint-not-found", Kind.NOT_FOUND, "没有投诉 {complaint}", "There is no complaint {complaint}"
)
NOT_YOUR_CUSTOMER = ErrorType(
    "not-your-customer",
    Kind.FORBIDDEN,
    "此操作只限负责该客户的销售专员",
    "Only for the rep who looks after the customer",
    clause="6-5.1.2",
)
LOT_NOT_DELIVERED = ErrorType(
    "lot-not-on-note",
    Kind.INVALID,
    "送货单 {note} 上没有批号 {lot}",
    "Lot {lot} is not on delivery note {note}",
    field="lot",
)
ANSWER_IN_PAST = ErrorType(
    "answer-date-past",
    Kind.INVALID,
    "客户要求的答复日期不能早于今天",
    "The date the customer named for the answer cannot be before today",
    clause="6-5.2.3",
    field="answer_by",
)
NOT_TO_ROUTE = ErrorType(
    "not-to-route",
    Kind.CONFLICT,
    "处理意见已签署，不能改派",
    "The handling is signed already; the complaint cannot be routed any more",
    clause="6-5.1.2",
)
NO_LOT_TO_BLOCK = ErrorType(
    "no-lot-to-block",
    Kind.INVALID,
    "只有写明批号并报品质部的投诉才能要求封存批次",
    "A lot is blocked only where the complaint names it and goes to quality",
    clause="6-5.1.2",
    field="block_lot",
)


@dataclass(frozen=True, slots=True)
class Feedback:
    """What somebody takes in. `answer_by` is the date the customer named for the answer, if any."""

    customer_id: UUID
    kind: rules.ComplaintKind
    channel: rules.Channel
    text: str
    lot: str | None = None
    delivery_note_id: UUID | None = None
    answer_by: date | None = None


async def register(work: Work, feedback: Feedback) -> Complaint:
    """Enter a complaint in the register 客户反馈处理记录, under the year's next number.

    Raises `customer-not-found`, `delivery-note-not-found`, `lot-not-on-note` or `answer-date-past`.
    """
    customer = await work.tx.get(Customer, feedback.customer_id)
    if customer is None:
        raise CUSTOMER_NOT_FOUND(customer=feedback.customer_id)
    await _check_goods(work, feedback)
    if feedback.answer_by is not None and feedback.answer_by < work.today:
        raise ANSWER_IN_PAST()
    answer_days = (await work.policies()).get(ANSWER_DAYS)
    sequence = await _next_number(work, work.today.year)
    complaint = Complaint(
        id=new_id(),
        year=work.today.year,
        sequence=sequence,
        number=rules.register_number(work.today.year, sequence),
        customer_id=customer.id,
        account_id=customer.account_id,
        kind=feedback.kind,
        channel=feedback.channel,
        text=feedback.text,
        lot=feedback.lot,
        delivery_note_id=feedback.delivery_note_id,
        status="registered",
        answer_due=rules.answer_due(work.today, feedback.answer_by, answer_days),
        registered_by=work.actor.id,
        registered_by_name=work.actor.name,
        registered_on=work.today,
        registered_at=work.now,
    )
    work.tx.add(complaint)
    _publish_registered(work, complaint)
    title = Text(f"整理投诉 {complaint.number}，确认责任方", f"Sort complaint {complaint.number}: who is responsible")
    rep_task(work, complaint, customer, "route_complaint", "6-5.1.2", title)
    return complaint


async def _check_goods(work: Work, feedback: Feedback) -> None:
    if feedback.delivery_note_id is None:
        return
    note = await work.tx.get(DeliveryNote, feedback.delivery_note_id)
    if note is None or note.customer_id != feedback.customer_id:
        raise NOTE_NOT_FOUND(note=feedback.delivery_note_id)
    if feedback.lot is not None and all(line.lot != feedback.lot for line in note.lines):
        raise LOT_NOT_DELIVERED(lot=feedback.lot, note=note.number)


@clause("6-5.1.1")
async def _next_number(work: Work, year: int) -> int:
    """The next number of `year`. The counter's row stays locked until the transaction ends: no gaps, no doubles."""
    return (
        await work.tx.execute(
            pg_insert(RegisterCounter)
            .values(year=year, last=1)
            .on_conflict_do_update(index_elements=[RegisterCounter.year], set_={"last": RegisterCounter.last + 1})
            .returning(RegisterCounter.last)
        )
    ).scalar_one()


def _publish_registered(work: Work, complaint: Complaint) -> None:
    fields = ("number", "customer_id", "account_id", "kind", "channel", "lot", "delivery_note_id")
    event = ComplaintRegistered.model_validate(
        {
            "complaint_id": complaint.id,
            "registered_on": complaint.registered_on,
            "answer_due": complaint.answer_due,
            **{name: getattr(complaint, name) for name in fields},
        }
    )
    record_fact(work, event, about=complaint, document=complaint.document, key=str(complaint.account_id))


def rep_task(work: Work, complaint: Complaint, customer: Customer, kind: str, clause_id: str, title: Text) -> None:
    """Give the rep who looks after the customer a task, due with the answer."""
    open_task(
        work,
        kind=kind,
        role=Role.SALES_REP,
        assignee=customer.rep,
        document=complaint.document,
        clause=clause_id,
        title=title,
        due_on=complaint.answer_due,
    )


async def locked(work: Work, complaint_id: UUID) -> tuple[Complaint, Customer]:
    """The complaint, its row locked, and its customer; raises `complaint-not-found`, also for a colleague's."""
    complaint = await work.tx.get(Complaint, complaint_id, with_for_update=True)
    customer = await work.tx.get(Customer, complaint.customer_id) if complaint else None
    if complaint is None or customer is None or not may_read(work.actor, complaint.registered_by, customer.rep):
        raise COMPLAINT_NOT_FOUND(complaint=complaint_id)
    return complaint, customer


def may_read(actor: Principal, registered_by: str, rep: str) -> bool:
    """Whether `actor` may read one complaint: in his scope, or taken in by himself."""
    return sees(actor, rep) or registered_by == actor.id


def must_own(actor: Principal, customer: Customer) -> None:
    """Raise `not-your-customer` unless `actor` is the rep of `customer`."""
    if customer.rep != actor.id:
        raise NOT_YOUR_CUSTOMER()


async def route(work: Work, complaint_id: UUID, road: rules.Road, note: str, *, block_lot: bool) -> Complaint:
    """The rep puts a complaint on its road, or on another one while no handling is signed; each routing is recorded.

    Raises `complaint-not-found`, `not-your-customer`, `not-to-route` or `no-lot-to-block`.
    """
    complaint, customer = await locked(work, complaint_id)
    must_own(work.actor, customer)
    if complaint.status not in ("registered", "routed"):
        raise NOT_TO_ROUTE()
    if block_lot and (road != "quality" or complaint.lot is None):
        raise NO_LOT_TO_BLOCK()
    responsible = rules.responsible_role(road)
    earlier = await work.tx.scalar(select(func.count()).where(Routing.complaint_id == complaint.id)) or 0
    work.tx.add(
        Routing(
            complaint_id=complaint.id,
            number=earlier + 1,
            road=road,
            responsible=responsible,
            note=note,
            block_lot=block_lot,
            routed_by=work.actor.id,
            routed_by_name=work.actor.name,
            routed_at=work.now,
        )
    )
    complaint.status, complaint.road, complaint.responsible = "routed", road, responsible
    await close_tasks(work, complaint.document)
    handling_task(work, complaint, customer)
    if block_lot:
        await _request_block(work, complaint, note)
    return complaint


def handling_task(work: Work, complaint: Complaint, customer: Customer) -> None:
    """Ask the responsible party for cause and handling; on a rep's road that is the customer's own rep."""
    title = Text(
        f"投诉 {complaint.number}：调查原因并签署处理意见",
        f"Complaint {complaint.number}: find the cause and sign the handling",
    )
    role = Role(complaint.responsible or Role.SALES_REP)
    if role is Role.SALES_REP:
        rep_task(work, complaint, customer, "handle_complaint", "6-5.2.1", title)
        return
    open_task(
        work,
        kind="handle_complaint",
        role=role,
        document=complaint.document,
        clause="6-5.2.1",
        title=title,
        due_on=complaint.answer_due,
    )


async def _request_block(work: Work, complaint: Complaint, reason: str) -> None:
    """Ask once for the lot to be blocked; routing again does not ask again."""
    if complaint.block_requested_on is not None or complaint.lot is None:
        return
    complaint.block_requested_on = work.today
    products = select(DeliveryLine.product_id).where(DeliveryLine.lot == complaint.lot).distinct().limit(2)
    if complaint.delivery_note_id is not None:
        products = products.where(DeliveryLine.delivery_note_id == complaint.delivery_note_id)
    found = (await work.tx.scalars(products)).all()
    event = LotBlockRequested(
        lot=complaint.lot,
        # A lot number two products share does not say which of them is meant.
        product_id=found[0] if len(found) == 1 else None,
        complaint_id=complaint.id,
        reason=reason,
    )
    record_fact(work, event, about=complaint, document=complaint.document, key=str(complaint.account_id))
