"""What is asked of orders, and what is answered."""

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, Field

from contract_svc.contracts.access import MONEY
from contract_svc.contracts.store import ContractLine
from contract_svc.orders.rules import OrderAction, OrderStatus
from contract_svc.progress.rules import Progress
from contract_svc.progress.shapes import LineProgress
from contract_svc.progress.store import OrderLine
from contract_svc.reference.shapes import TermsOut
from fangxing.answers import Judged
from fangxing.money import PositiveTons, Tons, Yuan, value_of
from fangxing.sight import SeenBy
from fangxing.text import Text
from fangxing.validation import Body


class CallOffLine(Body):
    """Tons of a contract line."""

    contract_line_id: UUID
    tons: Annotated[PositiveTons, Field(le=Decimal("1000000.000"))]


class CallOff(Body):
    """A call-off: what of an approved contract is to be delivered when."""

    contract_id: UUID
    deliver_on: date
    lines: list[CallOffLine] = Field(min_length=1, max_length=100)


class OrderLineOut(LineProgress):
    """An order line, tons and yuan incl. tax."""

    order_line_id: UUID
    number: int
    contract_line_id: UUID
    product_id: UUID
    product_name: str | None
    tons: Tons
    price_per_ton: Annotated[Yuan | None, SeenBy(MONEY)]
    value: Annotated[Yuan | None, SeenBy(MONEY)]

    @classmethod
    def show(cls, line: OrderLine, contract_line: ContractLine, progress: Progress) -> Self:
        """The line at its contract's price, and how far it has come."""
        return cls(
            order_line_id=line.id,
            number=line.number,
            contract_line_id=contract_line.id,
            product_id=contract_line.product_id,
            product_name=contract_line.product_name,
            tons=line.tons,
            price_per_ton=contract_line.price_per_ton,
            value=value_of(line.tons, contract_line.price_per_ton),
            **asdict(progress),
        )


class OrderRow(BaseModel):
    """An order in a list."""

    id: UUID
    number: Annotated[str, Text("订单编号", "order")]
    status: OrderStatus
    contract_id: UUID
    contract_number: Annotated[str, Text("合同编号", "contract")]
    customer_id: UUID
    customer_name: Annotated[str, Text("客户", "customer")]
    account_id: UUID
    rep: str
    rep_name: str | None
    deliver_on: date
    terms: TermsOut


class OrderOut(OrderRow):
    """An order with its lines and how far each has come; `total` in yuan incl. tax."""

    total: Annotated[Yuan | None, SeenBy(MONEY)]
    lines: list[OrderLineOut]
    actions: list[OrderAction]

    @classmethod
    def show(cls, row: OrderRow, **more: Any) -> Self:
        """The order of a list's `row` with `more` about it."""
        return cls.model_validate({**dict(row), **more})


class CallOffOut(Judged):
    """The answer to a call-off: the order, or null with a verdict that names what is left."""

    order: OrderOut | None
