"""Use cases of the orders feature: calling off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from contract_svc.contracts.events import Terms
from contract_svc.contracts.service import contract_for
from contract_svc.contracts.store import Contract, ContractLine
from contract_svc.orders import rules
from contract_svc.orders.events import ConfirmedLine, OrderConfirmed
from contract_svc.orders.policies import CALLOFF_TOLERANCE
from contract_svc.orders.progress import NOTHING, ordered_by_line
from contract_svc.orders.store import ORDER_NUMBERS, Order, OrderLine
from contract_svc.reference.store import Customer
from fangxing import decision_log
from fangxing.auth import Principal
from fangxing.database import Tx
from fangxing.decision_log import VerdictRow
from fangxing.errors import ErrorType, Kind
from fangxing.ids import new_id
from fangxing.outbox import record_fact
from fangxing.verdicts import Scalar, Verdict
from fangxing.work import Work

ORDER_NOT_FOUND = ErrorType("order-not-found", Kind.NOT_FOUND, "没有订单 {order}", "There is no order {order}")
LINE_UNKNOWN = ErrorType(
    "contract-line-unknown",
    Kind.INVALID,
    "合同 {contract} 没有明细行 {line}",
    "Contract {contract} has no line {line}",
    field="lines",
)
LINE_TWICE = ErrorType(
    "contract-line-twice",
    Kind.INVALID,
    "明细行 {line} 重复，请合并数量",
    "The line {line} is named twice; put the tons together",
    field="lines",
)


@dataclass(frozen=True, slots=True)
class WantedLine:
    """Tons wanted of a contract line."""

    contract_line_id: UUID
    tons: Decimal


async def call_off(
    work: Work, *, contract_id: UUID, deliver_on: date, wanted: Sequence[WantedLine]
) -> tuple[Order | None, VerdictRow]:
    """Call an order off an approved contract, or refuse it and say what is left (4-orders); the verdict is kept.

    Raises `contract-not-found`, `contract-line-unknown` or `contract-line-twice`.
    """
    # Everybody who calls off this contract waits here, so that what is counted below is still so at the commit.
    contract = await contract_for(work.tx, contract_id, work.actor, lock=True)
    lines = _lines_wanted(contract, wanted)
    ordered = await ordered_by_line(work.tx, [line.id for line, _ in lines])
    asked = [
        rules.AskedLine(
            number=line.number,
            product=line.product_name or str(line.product_id),
            tons=line.tons,
            ordered=ordered.get(line.id, NOTHING),
            asked=tons,
        )
        for line, tons in lines
    ]
    verdict = await _judge(work, contract, deliver_on, asked)
    if not verdict.allowed:
        return None, decision_log.keep(work, "contract.call_off", contract.document, verdict)
    order = await _confirm(work, contract, deliver_on, lines)
    return order, decision_log.keep(work, "contract.call_off", order.document, verdict)


async def order_for(tx: Tx, order_id: UUID, actor: Principal) -> Order:
    """The order, if `actor` may see it; raises `order-not-found`, also for an order of a colleague's customer."""
    order = await tx.get(Order, order_id)
    customer = await tx.get_one(Customer, order.customer_id) if order else None
    if order is None or customer is None or (actor.only_own_customers and customer.rep != actor.id):
        raise ORDER_NOT_FOUND(order=order_id)
    return order


def _lines_wanted(contract: Contract, wanted: Sequence[WantedLine]) -> list[tuple[ContractLine, Decimal]]:
    by_id = {line.id: line for line in contract.lines}
    seen: set[UUID] = set()
    found = []
    for index, want in enumerate(wanted):
        at = f"lines.{index}.contract_line_id"
        if want.contract_line_id not in by_id:
            raise LINE_UNKNOWN(contract=contract.number, line=want.contract_line_id, at=at)
        if want.contract_line_id in seen:
            raise LINE_TWICE(line=want.contract_line_id, at=at)
        seen.add(want.contract_line_id)
        found.append((by_id[want.contract_line_id], want.tons))
    return found


async def _judge(work: Work, contract: Contract, deliver_on: date, asked: Sequence[rules.AskedLine]) -> Verdict:
    book = await work.policies()
    tolerance = book.get(CALLOFF_TOLERANCE)
    reasons = rules.refusals(
        rules.CallOff(contract.number, contract.status, contract.starts_on, contract.ends_on, deliver_on, asked),
        work.today,
        tolerance,
    )
    inputs: dict[str, Scalar] = {
        "contract": contract.id,
        "status": contract.status,
        "deliver_on": deliver_on,
        "tolerance_pct": tolerance,
    }
    for line in asked:
        inputs[f"line.{line.number}.tons"] = line.tons
        inputs[f"line.{line.number}.ordered"] = line.ordered
        inputs[f"line.{line.number}.asked"] = line.asked
        inputs[f"line.{line.number}.left"] = rules.left_of(line.tons, line.ordered, tolerance)
    return Verdict(
        allowed=not reasons,
        outcome="refused" if reasons else "confirmed",
        reasons=reasons,
        inputs=inputs,
        policy_versions=book.versions(CALLOFF_TOLERANCE),
    )


async def _confirm(
    work: Work, contract: Contract, deliver_on: date, lines: Sequence[tuple[ContractLine, Decimal]]
) -> Order:
    serial: int = (await work.tx.execute(select(ORDER_NUMBERS.next_value()))).scalar_one()
    order = Order(
        id=new_id(),
        number=f"DD-{serial:06d}",
        contract_id=contract.id,
        customer_id=contract.customer_id,
        facts=0,
        deliver_on=deliver_on,
        ordered_by=work.actor.id,
        ordered_at=work.now,
        lines=[
            OrderLine(id=new_id(), number=number, contract_line_id=line.id, tons=tons)
            for number, (line, tons) in enumerate(lines, 1)
        ],
    )
    work.tx.add(order)
    customer = await work.tx.get_one(Customer, contract.customer_id)
    _publish(work, order, contract, customer)
    return order


def _publish(work: Work, order: Order, contract: Contract, customer: Customer) -> None:
    by_id = {line.id: line for line in contract.lines}
    event = OrderConfirmed(
        order_id=order.id,
        number=order.number,
        contract_id=contract.id,
        contract_number=contract.number,
        customer_id=customer.id,
        account_id=customer.account_id,
        rep=customer.rep,
        deliver_on=order.deliver_on,
        terms=Terms.model_validate({"kind": contract.terms_kind, "days": contract.terms_days}),
        lines=[
            ConfirmedLine(
                order_line_id=line.id,
                contract_line_id=line.contract_line_id,
                product_id=by_id[line.contract_line_id].product_id,
                product_name=by_id[line.contract_line_id].product_name or "",
                tons=line.tons,
                price_per_ton=by_id[line.contract_line_id].price_per_ton,
            )
            for line in order.lines
        ],
    )
    record_fact(work, event, about=order, document=order.document, key=str(customer.account_id))
