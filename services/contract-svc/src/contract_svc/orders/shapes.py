"""What is asked of orders, and what is answered."""

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy.engine import RowMapping

from contract_svc.contracts.store import ContractLine
from contract_svc.progress.rules import Progress
from contract_svc.progress.shapes import LineProgress
from contract_svc.progress.store import OrderLine
from contract_svc.reference.rules import Terms
from fangxing.money import PositiveTons, Tons, Yuan, value_of
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
    price_per_ton: Yuan
    value: Yuan

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
    number: str
    contract_id: UUID
    contract_number: str
    customer_id: UUID
    customer_name: str
    account_id: UUID
    rep: str
    deliver_on: date
    terms: Terms

    @classmethod
    def show(cls, row: RowMapping, **more: Any) -> Self:
        """A row of `ORDER_ROWS`, with `more` where the whole order is shown."""
        return cls.model_validate({**row, "terms": Terms(row["terms_kind"], row["terms_days"]), **more})


class OrderOut(OrderRow):
    """An order with its lines and how far each has come."""

    total: Yuan
    lines: list[OrderLineOut]


class CallOffOut(BaseModel):
    """The answer to a call-off: the order, or null with a verdict that names what is left."""

    allowed: bool
    order: OrderOut | None
    verdict: dict[str, Any]
