"""What is answered about the base price table."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field

from fangxing.money import Yuan
from pricing_svc.prices.rules import PriceStatus, difference
from pricing_svc.products.rules import Lifecycle
from pricing_svc.tables import Row


class PriceOut(BaseModel):
    """One version of a base price: yuan per ton, tax included; `proposal_id` says why and who decided."""

    price_version: int
    base_price: Yuan
    tax: Literal["included"] = "included"
    status: PriceStatus
    effective_from: date
    proposal_id: UUID
    approved_by: str
    approved_at: datetime

    @classmethod
    def show(cls, row: Row, prefix: str = "") -> Self:
        """The version that a row holds in the columns whose names begin with `prefix`."""
        return cls.model_validate({name.removeprefix(prefix): row[name] for name in row if name.startswith(prefix)})


class PriceLine(PriceOut):
    """A line of the price table: a product with the base price in force on the day asked for."""

    product_id: UUID
    code: str
    name: str
    family: str
    lifecycle: Lifecycle


class PriceDifference(BaseModel):
    """From one version to another: yuan per ton, and percent of the old price, rounded half up."""

    old: PriceOut | None
    new: PriceOut
    amount: Yuan | None = Field(description="null where there was no price before")
    percent: Decimal | None = Field(description="null where there was no price before")

    @classmethod
    def between(cls, old: PriceOut | None, new: PriceOut, **line: Any) -> Self:
        """The difference of two versions, with what else stands on its line."""
        change = difference(old.base_price, new.base_price) if old else None
        return cls(
            old=old,
            new=new,
            amount=change.amount if change else None,
            percent=change.percent if change else None,
            **line,
        )


class LineDifference(PriceDifference):
    """A product whose base price differs between two days."""

    product_id: UUID
    code: str
    name: str

    @classmethod
    def show(cls, row: Row) -> Self:
        """The difference that a row of `differing` holds."""
        old = PriceOut.show(row, "old_") if row["old_price_version"] is not None else None
        line = {name: row[name] for name in ("product_id", "code", "name")}
        return cls.between(old, PriceOut.show(row, "new_"), **line)
