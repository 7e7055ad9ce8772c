"""What the authority feature publishes."""

from datetime import date
from typing import ClassVar

from pydantic import BaseModel

from fangxing.money import Percent
from fangxing.outbox import Event
from pricing_svc.authority.rules import BandRole


class AuthorityBand(BaseModel):
    """How far a role may go below and above the base price, in percent of it, both edges included."""

    role: BandRole
    percent_below: Percent
    percent_above: Percent


class PriceAuthorityChanged(Event):
    """A family's float authority was approved, in force from a day on (3-8.2-A).

    Published with the GM's yes, which may be before that day. In force on a day is the highest `version` whose
    `effective_from` has come.
    """

    event_type: ClassVar[str] = "pricing.PriceAuthorityChanged.v1"
    family: str
    version: int
    effective_from: date
    bands: list[AuthorityBand]
