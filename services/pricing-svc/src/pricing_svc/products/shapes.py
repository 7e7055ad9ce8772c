"""What is asked about products, and what is answered."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel

from fangxing.text import Code, Line, Text
from fangxing.validation import Body
from pricing_svc.products.rules import Flow, Lifecycle, Stage, flow_of
from pricing_svc.tables import Row


class RegisterProduct(Body):
    """A product to register; `mass_produced_since` is null for one that was never mass produced."""

    code: Code
    name: Line
    family: Code
    mass_produced_since: date | None = None


class RecordProduction(Body):
    """What production did from a day on."""

    stage: Stage
    since: date


class ProductOut(BaseModel):
    """A product; `flow` is the pricing flow its recorded history asks for (3-5)."""

    id: UUID
    code: Annotated[str, Text("产品编号", "code")]
    name: Annotated[str, Text("产品名称", "name")]
    family: Annotated[str, Text("产品类别", "family")]
    lifecycle: Annotated[Lifecycle, Text("状态", "lifecycle")]
    flow: Annotated[Flow, Text("定价流程", "flow")]
    author: Annotated[str, Text("登记人", "author")]
    author_name: Annotated[str | None, Text("登记人姓名", "author's name")]
    created_at: Annotated[datetime, Text("登记时间", "created at")]

    @classmethod
    def show(cls, product: Row) -> Self:
        """The product of a row."""
        return cls.model_validate({**product, "flow": flow_of(product["lifecycle"])})


class RecordOut(BaseModel):
    """One entry of the production history."""

    number: int
    stage: Stage
    since: date
    author: str
    created_at: datetime

    @classmethod
    def show(cls, record: Row) -> Self:
        """The entry of a row."""
        return cls.model_validate({**record})


class ProductDetail(ProductOut):
    """A product with its production history, in the order of recording."""

    history: list[RecordOut]

    @classmethod
    def with_history(cls, product: ProductOut, records: Iterable[Row]) -> Self:
        """`product` with the rows of its history."""
        return cls(**dict(product), history=[RecordOut.show(record) for record in records])
