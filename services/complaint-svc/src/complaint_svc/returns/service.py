"""Use cases of the returns feature: receive, inspect, cancel."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from complaint_svc.customers.scope import sees
from complaint_svc.customers.store import Customer
from complaint_svc.deliveries.store import DeliveryNote
from complaint_svc.returns import rules
from complaint_svc.returns.events import AcceptedLine, ReturnCancelled, ReturnInspected, heading
from complaint_svc.returns.store import Return, ReturnLine
from fangxing import decision_log
from fangxing.decision_log import VerdictRow
from fangxing.errors import ErrorType, Kind
from fangxing.money import ZERO
from fangxing.outbox import record_fact
from fangxing.roles import Role
from fangxing.tasks import close_tasks, open_task
from fangxing.text import Text
from fangxing.work import Work

RETURN_NOT_FOUND = ErrorType(
    "return-not-found", Kind.NOT_FOUND, "没有退货单 {returned}", "There is no return {returned}"
)
NOT_TO_RECEIVE = ErrorType(
    "return-not-to-receive",
    Kind.CONFLICT,
    "退货单 {number} 未获批准或已收货，不能收货",
    "Return {number} is not approved, or no longer waits to be received",
    clause="6-3",
)
NOT_TO_INSPECT = ErrorType(
    "return-not-to-inspect",
    Kind.CONFLICT,
    "退货单 {number} 未收货或已检验，不能检验",
    "Return {number} is not received, or already inspected: a return is inspected once",
    clause="6-3",
)
NOT_TO_CANCEL = ErrorType(
    "return-not-to-cancel",
    Kind.CONFLICT,
    "退货单 {number} 不在待收货状态，不能取消",
    "Return {number} does not wait to be received and cannot be cancelled",
    clause="6-3",
)
LINES_INCOMPLETE = ErrorType(
    "return-lines-incomplete",
    Kind.INVALID,
    "须逐行填写：退货单的行是 {lines}",
    "Name each line of the return once: they are {lines}",
    field="lines",
)
NOTHING_RECEIVED = ErrorType(
    "nothing-received",
    Kind.INVALID,
    "一点未收到的退货不是收货：退货不来了就取消",
    "Nothing received is no receipt; a return that will not come is cancelled",
    field="lines",
)
RESULT_MISMATCH = ErrorType(
    "result-mismatch",
    Kind.INVALID,
    "按吨数结论应为 {derived}",
    "By its tons the result is {derived}",
    clause="6-3",
    field="verdict",
)


async def _locked(work: Work, return_id: UUID) -> Return:
    returned = await work.tx.get(Return, return_id, with_for_update=True)
    # A proposal is promised to nobody, so nobody can act on it yet.
    if returned is None or returned.status in ("proposed", "refused"):
        raise RETURN_NOT_FOUND(returned=return_id)
    return returned


async def _lock_note(work: Work, returned: Return) -> None:
    """Hold the count of the delivery note's returns still while this one changes what it holds."""
    await work.tx.get(DeliveryNote, returned.delivery_note_id, with_for_update=True)


def _rule_line(line: ReturnLine) -> rules.ReturnedLine:
    received = line.received_tons or Decimal("0.000")
    return rules.ReturnedLine(line.line, line.tons, line.price_per_ton, line.value, received)


async def receive(
    work: Work, return_id: UUID, received: Mapping[int, Decimal], note: str | None
) -> tuple[Return, VerdictRow]:
    """The keeper receives an approved return: tons by line, at most what was approved; more is a refusal (6-3).

    Raises `return-not-found`, `return-not-to-receive`, `return-lines-incomplete` or `nothing-received`.
    """
    returned = await _locked(work, return_id)
    if returned.status != "approved":
        raise NOT_TO_RECEIVE(number=returned.number)
    if set(received) != {line.line for line in returned.lines}:
        raise LINES_INCOMPLETE(lines=", ".join(str(line.line) for line in returned.lines))
    if not any(received.values()):
        raise NOTHING_RECEIVED()
    verdict = rules.receipt_verdict([_rule_line(line) for line in returned.lines], dict(received))
    row = decision_log.keep(work, "receipt", returned.document, verdict)
    if not verdict.allowed:
        return returned, row
    for line in returned.lines:
        line.received_tons = received[line.line]
    returned.status, returned.received_on = "received", work.today
    returned.received_by, returned.receipt_note = work.actor.id, note
    await close_tasks(work, returned.document, "receive_return")
    open_task(
        work,
        kind="inspect_return",
        role=Role.QUALITY,
        document=returned.document,
        clause="6-3",
        title=Text(f"检验退货 {returned.number}", f"Inspect the return {returned.number}"),
    )
    return returned, row


async def inspect(
    work: Work, return_id: UUID, accepted: Mapping[int, Decimal], findings: str | None, result: rules.Result | None
) -> tuple[Return, VerdictRow]:
    """Quality inspects a received return, once: tons accepted by line, at most what was received (6-3).

    A line of which nothing was received may be left out. `result` is derived; one that is given must agree. Raises
    `return-not-found`, `return-not-to-inspect`, `return-lines-incomplete` or `result-mismatch`.
    """
    returned = await _locked(work, return_id)
    if returned.status != "received":
        raise NOT_TO_INSPECT(number=returned.number)
    tons = {line.line: Decimal("0.000") for line in returned.lines if not line.received_tons} | dict(accepted)
    if set(tons) != {line.line for line in returned.lines}:
        raise LINES_INCOMPLETE(lines=", ".join(str(line.line) for line in returned.lines))
    verdict = rules.inspection_verdict([_rule_line(line) for line in returned.lines], tons)
    if verdict.allowed and result not in (None, verdict.outcome):
        raise RESULT_MISMATCH(derived=verdict.outcome)
    row = decision_log.keep(work, "inspection", returned.document, verdict)
    if not verdict.allowed:
        return returned, row
    await _lock_note(work, returned)
    for line in returned.lines:
        line.accepted_tons = tons[line.line]
        line.accepted_value = rules.accepted_value(_rule_line(line), tons[line.line])
    returned.accepted_value = sum((line.accepted_value or ZERO for line in returned.lines), ZERO)
    returned.status, returned.result, returned.findings = "inspected", verdict.outcome, findings
    returned.inspected_on, returned.inspected_by = work.today, work.actor.id
    await close_tasks(work, returned.document, "inspect_return")
    _publish_inspected(work, returned)
    return returned, row


def _publish_inspected(work: Work, returned: Return) -> None:
    lines = [
        AcceptedLine.model_validate(
            {
                "line": line.line,
                "product_id": line.product_id,
                "lot": line.lot,
                "tons": line.accepted_tons,
                "value": line.accepted_value,
            }
        )
        for line in returned.lines
        if line.accepted_tons
    ]
    event = ReturnInspected.model_validate(
        {**heading(returned), "verdict": returned.result, "lines": lines, "value": returned.accepted_value}
    )
    record_fact(work, event, about=returned, document=returned.document, key=str(returned.account_id))


async def cancel(work: Work, return_id: UUID, reason: str) -> Return:
    """An approved return will not come; what it held of the delivery note is free again.

    For the customer's rep or a sales manager. Raises `return-not-found` or `return-not-to-cancel`.
    """
    returned = await _locked(work, return_id)
    customer = await work.tx.get(Customer, returned.customer_id)
    if customer is None or not sees(work.actor, customer.rep):
        raise RETURN_NOT_FOUND(returned=return_id)
    if returned.status != "approved":
        raise NOT_TO_CANCEL(number=returned.number)
    await _lock_note(work, returned)
    returned.status, returned.cancelled_on = "cancelled", work.today
    returned.cancelled_by, returned.cancel_reason = work.actor.id, reason
    await close_tasks(work, returned.document, "receive_return")
    event = ReturnCancelled.model_validate({**heading(returned), "reason": reason})
    record_fact(work, event, about=returned, document=returned.document, key=str(returned.account_id))
    return returned
