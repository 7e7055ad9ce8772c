"""What is asked and answered at the gate."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, Field

from fangxing.answers import Judged, VerdictOut
from fangxing.decision_log import VerdictRow
from fangxing.money import Tons
from fangxing.text import Code, Language
from fangxing.validation import Body
from fangxing.verdicts import Reason
from shipping_svc.loading.shapes import Vehicle
from shipping_svc.papers.store import ExitPass


class PassAtGate(BaseModel):
    """What the guard compares; `valid` says whether this pass may still let its truck out."""

    short_number: str
    valid: bool
    why_not: str | None
    vehicle: str
    driver: str
    customer_name: str
    goods: str
    tons: Tons
    note_number: str
    gate: str
    valid_until: datetime
    used_at: datetime | None
    voided_at: datetime | None

    @classmethod
    def show(cls, row: Mapping[str, Any], faults: tuple[Reason, ...], language: Language) -> "PassAtGate":
        """The pass in `row`, which needs no further check; a queue waits behind it."""
        return cls.model_construct(valid=not faults, why_not=faults[0].say(language) if faults else None, **row)


class Exit(Body):
    """The pass as presented (short number, or the content of the code), and the truck at the gate."""

    presented: str = Field(pattern=r"^([0-9]{8}|[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)$", max_length=2000)
    vehicle: Vehicle
    gate: Code

    @property
    def by_number(self) -> bool:
        """Whether the short number was typed, and no code read."""
        return self.presented.isdigit()


class ExitOut(Judged):
    """Whether the truck leaves, and why not."""

    vehicle: str
    short_number: str | None

    @classmethod
    def show(cls, body: Exit, exit_pass: ExitPass | None, verdict: VerdictRow, language: Language) -> Self:
        """The answer to the truck at the gate."""
        return cls(
            allowed=verdict.allowed,
            verdict=VerdictOut.show(verdict.content, language),
            vehicle=body.vehicle,
            short_number=exit_pass.short_number if exit_pass else None,
        )


class RefusalOut(BaseModel):
    """A truck that was not let out."""

    id: UUID
    pass_id: UUID | None
    presented: str
    vehicle: str
    gate: str
    slug: str
    guard: str
    refused_on: date
    refused_at: datetime
