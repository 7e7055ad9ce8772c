"""What is asked about price authority, and what is answered."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, Field

from fangxing.answers import ApprovalOut
from fangxing.money import Percent, PositiveYuan, Yuan
from fangxing.sight import SeenBy
from fangxing.text import Code, Text
from fangxing.validation import Body, Parameters
from pricing_svc.authority.rules import AuthorityAction, AuthorityStatus, Band, BandRole, Level
from pricing_svc.prices.access import MONEY
from pricing_svc.prices.rules import PriceStatus
from pricing_svc.tables import Row


class FloatBand(Body):
    """How far a role may go, 0 to 100 percent of the base price below and above it, both edges included."""

    role: BandRole
    percent_below: Percent
    percent_above: Percent

    @classmethod
    def show(cls, band: Band) -> Self:
        """The band as it is shown."""
        return cls(role=band.role, percent_below=band.percent_below, percent_above=band.percent_above)


class ReviseTable(Body):
    """The bands of a price authority table, in force from the GM's yes or from a later day on."""

    effective_from: date | None = None
    bands: Annotated[list[FloatBand], Field(max_length=10)]


class DraftTable(ReviseTable):
    """A price authority table of one product family."""

    family: Code


class PriceLevelQuery(Parameters):
    """A price of a product, yuan a ton, on a day, today by default."""

    product_id: UUID
    price: PositiveYuan
    on: date | None = None


class AuthorityOut(BaseModel):
    """An authority table; `version` is null until the GM approved it."""

    id: UUID
    family: Annotated[str, Text("产品类别", "family")]
    version: Annotated[int | None, Text("版本", "version")]
    effective_from: Annotated[date | None, Text("生效日期", "effective from")]
    author: Annotated[str, Text("拟定人", "author")]
    author_name: Annotated[str | None, Text("拟定人姓名", "author's name")]
    created_at: Annotated[datetime, Text("拟定时间", "created at")]
    status: Annotated[AuthorityStatus, Text("状态", "status")]
    bands: list[FloatBand]

    @classmethod
    def show(cls, table: Row, bands: Iterable[Band]) -> Self:
        """The table of a row with its bands."""
        return cls.model_validate({**table, "bands": [FloatBand.show(band) for band in bands]})


class TableOut(AuthorityOut):
    """An authority table with its approval; `approval.hash` is what a decision has to name."""

    approval: ApprovalOut

    @classmethod
    def with_approval(cls, table: AuthorityOut, approval: Mapping[str, Any]) -> Self:
        """`table` with its newest case, as `approvals.summary` shows it."""
        return cls(**dict(table), approval=ApprovalOut.show(approval))


class TableDetail(TableOut):
    """An authority table, and what the caller may try with it."""

    actions: list[AuthorityAction]

    @classmethod
    def with_actions(cls, table: TableOut, actions: Iterable[str]) -> Self:
        """`table` with its `actions`."""
        return cls(**dict(table), actions=[AuthorityAction(action) for action in actions])


class PriceLevel(BaseModel):
    """Who decides at a price on a day, and what that follows from; yuan per ton incl. tax."""

    level: Level
    price: Annotated[Yuan | None, SeenBy(MONEY)]
    base_price: Annotated[Yuan | None, SeenBy(MONEY)]
    price_version: int
    status: PriceStatus
    authority_version: int | None
    bands: list[FloatBand]
