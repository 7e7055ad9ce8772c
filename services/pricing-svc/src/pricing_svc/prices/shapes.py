"""What is asked about the base price table, and what is answered."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field

from fangxing.money import Yuan
from fangxing.sight import SeenBy
from fangxing.text import Text
from fangxing.validation import Parameters
from pricing_svc.prices.access import MONEY
from pricing_svc.prices.rules import PriceStatus, difference
from pricing_svc.products.rules import Lifecycle
from pricing_svc.tables import Row


class ComparedVersions(Parameters):
    """Which two versions of a base price are compared."""

    old: int = Field(ge=1)
    new: int = Field(ge=1)


class PriceOut(BaseModel):
    """One version of a base price: yuan per ton, tax included; `proposal_id` says why and who decided."""

    price_version: Annotated[int, Text("版本", "version")]
    base_price: Annotated[
        Yuan | None, SeenBy(MONEY), Text("基准价格（元/吨，含税）", "base price (yuan per ton, incl. tax)")
    ]
    tax: Literal["included"] = "included"
    status: Annotated[PriceStatus, Text("价格性质", "status")]
    effective_from: Annotated[date, Text("生效日期", "effective from")]
    proposal_id: UUID
    approved_by: Annotated[str, Text("批准人", "approved by")]
    approved_at: Annotated[datetime, Text("批准时间", "approved at")]

    @classmethod
    def show(cls, row: Row) -> Self:
        """The version of a row."""
        return cls.model_validate(dict(row))


class PriceLine(PriceOut):
    """A line of the price table: a product with the base price in force on the day asked for."""

    product_id: UUID
    code: Annotated[str, Text("产品编号", "code")]
    name: Annotated[str, Text("产品名称", "name")]
    family: Annotated[str, Text("产品类别", "family")]
    lifecycle: Annotated[Lifecycle, Text("状态", "lifecycle")]


class PriceDifference(BaseModel):
    """From one version to another: yuan per ton, and percent of the old price, rounded half up.

    Amount and percent are null where there was no price before.
    """

    old: PriceOut | None
    new: PriceOut
    amount: Annotated[Yuan | None, SeenBy(MONEY), Text("差额（元/吨）", "difference (yuan per ton)")]
    percent: Annotated[Decimal | None, SeenBy(MONEY), Text("差额（%）", "difference (percent)")]

    @classmethod
    def between(cls, old: Row | None, new: Row, **line: Any) -> Self:
        """The difference of two versions, with what else stands on its line."""
        change = difference(old["base_price"], new["base_price"]) if old else None
        return cls(
            old=PriceOut.show(old) if old else None,
            new=PriceOut.show(new),
            amount=change.amount if change else None,
            percent=change.percent if change else None,
            **line,
        )


class LineDifference(PriceDifference):
    """A product whose base price differs between two days."""

    product_id: UUID
    code: Annotated[str, Text("产品编号", "code")]
    name: Annotated[str, Text("产品名称", "name")]

    @classmethod
    def show(cls, row: Row) -> Self:
        """The difference that a row of `differing` holds."""
        line = {name: row[name] for name in ("product_id", "code", "name")}
        old = _part(row, "old_") if row["old_price_version"] is not None else None
        return cls.between(old, _part(row, "new_"), **line)


def _part(row: Row, prefix: str) -> Row:
    """The columns of `row` whose names begin with `prefix`, without it."""
    return {name.removeprefix(prefix): row[name] for name in row if name.startswith(prefix)}
