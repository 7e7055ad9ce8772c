"""Calling an order off an approved contract."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from contract_svc.contracts.access import locked_contract
from contract_svc.contracts.policies import CALLOFF_TOLERANCE
from contract_svc.contracts.rules import left_of
from contract_svc.contracts.store import Contract, ContractLine
from contract_svc.orders import rules
from contract_svc.orders.errors import LINE_TWICE, LINE_UNKNOWN
from contract_svc.orders.events import OrderConfirmed
from contract_svc.orders.shapes import CallOff
from contract_svc.orders.store import ORDER_NUMBERS, Order
from contract_svc.progress.rules import NO_TONS
from contract_svc.progress.store import OrderLine, ordered_of
from contract_svc.reference.store import Customer
from fangxing import decision_log
from fangxing.decision_log import VerdictRow
from fangxing.documents import born
from fangxing.ids import new_id
from fangxing.outbox import record_fact
from fangxing.verdicts import Outcome, Scalar, Verdict
from fangxing.work import Work

_Wanted = Sequence[tuple[ContractLine, Decimal]]


async def call_off(work: Work, body: CallOff) -> tuple[Order | None, VerdictRow]:
    """Call an order off an approved contract, or refuse it and say what is left (4-orders); the verdict is kept.

    Raises `contract-not-found`, `contract-line-unknown` or `contract-line-twice`.
    """
    # Everybody who calls off this contract waits here, so that what is counted below is still so at the commit.
    contract = await locked_contract(work.tx, body.contract_id, work.actor)
    wanted = _wanted(contract, body)
    verdict = await _judge(work, contract, body.deliver_on, wanted)
    if not verdict.allowed:
        return None, decision_log.keep(work, "contract.call_off", contract.document, verdict)
    order = await _confirm(work, contract, body.deliver_on, wanted)
    return order, decision_log.keep(work, "contract.call_off", order.document, verdict)


def _wanted(contract: Contract, body: CallOff) -> _Wanted:
    """The lines of `contract` that are wanted, with their tons."""
    again = rules.named_again([line.contract_line_id for line in body.lines])
    if again is not None:
        raise LINE_TWICE(line=body.lines[again].contract_line_id, at=f"lines.{again}.contract_line_id")
    by_id = {line.id: line for line in contract.lines}
    for place, line in enumerate(body.lines):
        if line.contract_line_id not in by_id:
            at = f"lines.{place}.contract_line_id"
            raise LINE_UNKNOWN(contract=contract.number, line=line.contract_line_id, at=at)
    return [(by_id[line.contract_line_id], line.tons) for line in body.lines]


async def _judge(work: Work, contract: Contract, deliver_on: date, wanted: _Wanted) -> Verdict:
    book = await work.policies()
    tolerance = book.get(CALLOFF_TOLERANCE)
    ordered = await ordered_of(work.tx, [line.id for line, _ in wanted])
    asked = [
        rules.AskedLine(
            number=line.number,
            product=line.product_name or str(line.product_id),
            tons=line.tons,
            ordered=ordered.get(line.id, NO_TONS),
            asked=tons,
        )
        for line, tons in wanted
    ]
    facts = rules.CallOffFacts(
        contract.number, contract.status, contract.starts_on, contract.ends_on, deliver_on, asked
    )
    refusals = rules.refusals(facts, work.today, tolerance)
    return Verdict(
        allowed=not refusals,
        outcome=Outcome.REFUSED if refusals else rules.OrderStatus.CONFIRMED,
        reasons=refusals,
        inputs={"today": work.today, **_inputs(contract, facts, tolerance)},
        policy_versions=book.versions(CALLOFF_TOLERANCE),
    )


def _inputs(contract: Contract, facts: rules.CallOffFacts, tolerance: Decimal | None) -> dict[str, Scalar]:
    inputs: dict[str, Scalar] = {
        "contract": contract.id,
        "contract_status": facts.status,
        "starts_on": facts.starts_on,
        "ends_on": facts.ends_on,
        "deliver_on": facts.deliver_on,
        "tolerance_pct": tolerance,
    }
    for line in facts.lines:
        inputs[f"line.{line.number}.tons"] = line.tons
        inputs[f"line.{line.number}.ordered"] = line.ordered
        inputs[f"line.{line.number}.asked"] = line.asked
        inputs[f"line.{line.number}.left"] = left_of(line.tons, line.ordered, tolerance)
    return inputs


async def _confirm(work: Work, contract: Contract, deliver_on: date, wanted: _Wanted) -> Order:
    serial: int = (await work.tx.execute(select(ORDER_NUMBERS.next_value()))).scalar_one()
    order = Order(
        id=new_id(),
        number=f"DD-{serial:06d}",
        contract_id=contract.id,
        customer_id=contract.customer_id,
        status=rules.OrderStatus.CONFIRMED,
        deliver_on=deliver_on,
        author=work.actor.id,
        created_at=work.now,
        lines=[
            OrderLine(id=new_id(), number=number, contract_line_id=line.id, tons=tons)
            for number, (line, tons) in enumerate(wanted, 1)
        ],
    )
    await born(work, order, rules.OrderAction.CALL_OFF, contract.hands)
    work.tx.add(order)
    customer = await work.tx.get_one(Customer, contract.customer_id)
    event = OrderConfirmed.of(order, contract, customer)
    record_fact(work, event, about=order, key=str(customer.account_id))
    return order
