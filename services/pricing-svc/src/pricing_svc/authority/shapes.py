"""What is asked about price authority, and what is answered."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, Field

from fangxing.money import Percent, Yuan
from fangxing.text import Code
from fangxing.validation import Body
from pricing_svc.authority.rules import Band, BandRole, Level, Status
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


class DraftTable(Body):
    """A price authority table of one product family."""

    family: Code
    effective_from: date | None = None
    bands: Annotated[list[FloatBand], Field(max_length=10)]


class _Table(BaseModel):
    id: UUID
    family: str
    version: int | None
    effective_from: date | None
    author: str
    created_at: datetime
    status: Status
    bands: list[FloatBand]


class AuthorityOut(_Table):
    """An authority table in force."""

    @classmethod
    def show(cls, table: Row, bands: Iterable[Band]) -> Self:
        """The table of a row with its bands."""
        return cls.model_validate({**table, "bands": [FloatBand.show(band) for band in bands]})


class TableOut(_Table):
    """An authority table with its approval; `version` is null until the GM approved it."""

    approval: dict[str, Any] | None

    @classmethod
    def show(cls, table: Row, bands: Iterable[Band], approval: dict[str, Any] | None) -> Self:
        """The table of a row with its bands and its case."""
        shown = [FloatBand.show(band) for band in bands]
        return cls.model_validate({**table, "bands": shown, "approval": approval})


class PriceLevel(BaseModel):
    """Who decides at a price on a day, and what that follows from; yuan per ton incl. tax."""

    level: Level
    price: Yuan
    base_price: Yuan
    price_version: int
    status: PriceStatus
    authority_version: int | None
    bands: list[FloatBand]
