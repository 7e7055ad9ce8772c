"""Taking a complaint in: the register 客户反馈处理记录 is open to everybody (6-5.1.1)."""

from complaint_svc.complaints import reasons, rules
from complaint_svc.complaints.asking import ask
from complaint_svc.complaints.errors import ANSWER_DATE_PAST, LOT_NOT_ON_NOTE
from complaint_svc.complaints.events import ComplaintRegistered
from complaint_svc.complaints.policies import ANSWER_DAYS
from complaint_svc.complaints.rules import ComplaintAction, ComplaintStatus, ComplaintTask
from complaint_svc.complaints.shapes import RegisterComplaint
from complaint_svc.complaints.store import Complaint, take_number
from complaint_svc.reference.store import Customer, customer_of, note_of
from fangxing.documents import born
from fangxing.ids import new_id
from fangxing.outbox import record_fact
from fangxing.roles import Role
from fangxing.work import Work


async def register(work: Work, body: RegisterComplaint) -> Complaint:
    """Enter a complaint in the register, under the year's next number, and ask the customer's rep to sort it.

    Raises `customer-not-found`, `delivery-note-not-found`, `lot-not-on-note` or `answer-date-past`.
    """
    customer = await customer_of(work.tx, body.customer_id)
    await _check_goods(work, body)
    if body.answer_by is not None and body.answer_by < work.today:
        raise ANSWER_DATE_PAST()
    complaint = await _enter(work, body, customer)
    event = ComplaintRegistered.about(
        complaint,
        kind=complaint.kind,
        channel=complaint.channel,
        lot=complaint.lot,
        delivery_note_id=complaint.delivery_note_id,
        created_on=complaint.created_on,
        answer_due=complaint.answer_due,
    )
    record_fact(work, event, about=complaint, key=str(complaint.account_id))
    title = reasons.to_route(complaint.number)
    await ask(work, complaint, Role.SALES_REP, kind=ComplaintTask.ROUTE, clause="6-5.1.2", title=title)
    return complaint


async def _check_goods(work: Work, body: RegisterComplaint) -> None:
    if body.delivery_note_id is None:
        return
    note = await note_of(work.tx, body.customer_id, body.delivery_note_id)
    if body.lot is not None and all(line.lot != body.lot for line in note.lines):
        raise LOT_NOT_ON_NOTE(lot=body.lot, note=note.number)


async def _enter(work: Work, body: RegisterComplaint, customer: Customer) -> Complaint:
    answer_days = (await work.policies()).get(ANSWER_DAYS)
    sequence = await take_number(work.tx, work.today.year)
    complaint = Complaint(
        id=new_id(),
        year=work.today.year,
        sequence=sequence,
        number=rules.register_number(work.today.year, sequence),
        customer_id=customer.id,
        customer=customer,
        account_id=customer.account_id,
        kind=body.kind,
        channel=body.channel,
        text=body.text,
        lot=body.lot,
        delivery_note_id=body.delivery_note_id,
        status=ComplaintStatus.REGISTERED,
        answer_due=rules.answer_due(work.today, body.answer_by, answer_days),
        author=work.actor.id,
        author_name=work.actor.name,
        created_on=work.today,
        created_at=work.now,
    )
    work.tx.add(complaint)
    await born(work, complaint, ComplaintAction.REGISTER)
    return complaint
