"""What is asked about products, and what is answered."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel

from fangxing.text import Code, Line
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


class _Product(BaseModel):
    id: UUID
    code: str
    name: str
    family: str
    lifecycle: Lifecycle
    flow: Flow
    author: str
    created_at: datetime


class ProductOut(_Product):
    """A product; `flow` is the pricing flow its recorded history asks for (3-5)."""

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


class ProductDetail(_Product):
    """A product with its production history, in the order of recording; `flow` is what the history asks for (3-5)."""

    history: list[RecordOut]

    @classmethod
    def show(cls, product: Row, records: Iterable[Row]) -> Self:
        """The product of a row and of the rows of its history."""
        history = [RecordOut.show(record) for record in records]
        return cls.model_validate({**product, "flow": flow_of(product["lifecycle"]), "history": history})
