"""What is asked of returns, and what they answer."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Self, TypeVar
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from complaint_svc.returns.reasons import LINE_TWICE
from complaint_svc.returns.rules import Result, ReturnStatus, each_once
from complaint_svc.returns.store import Return
from fangxing.decision_log import VerdictRow
from fangxing.money import PositiveTons, Tons, YuanOrZero
from fangxing.text import Language, Paragraph
from fangxing.validation import Body, invalid
from fangxing.verdicts import localized


class LineOfNote(Body):
    """Something about the line of the delivery note with the number `line`."""

    line: int = Field(ge=1)


L = TypeVar("L", bound=LineOfNote)


def _each_line_once(lines: list[L]) -> list[L]:
    if not each_once(line.line for line in lines):
        raise invalid("line-twice", LINE_TWICE)
    return lines


Lines = Annotated[list[L], Field(min_length=1, max_length=200), AfterValidator(_each_line_once)]
"""Up to 200 lines of one delivery note, each once."""


class ProposedLine(LineOfNote):
    """Tons to come back of one line."""

    tons: PositiveTons


class ProposedReturn(Body):
    """A return against one delivery note."""

    delivery_note_id: UUID
    lines: Lines[ProposedLine]


class ReceivedLine(LineOfNote):
    """Tons received of one line; 0.000 where nothing of it came."""

    received_tons: Tons


class ReceiveReturn(Body):
    """The warehouse keeper's receipt of a return: every line once."""

    lines: Lines[ReceivedLine]
    note: Paragraph | None = None

    @property
    def tons(self) -> dict[int, Decimal]:
        """The tons received, by line."""
        return {line.line: line.received_tons for line in self.lines}


class InspectedLine(LineOfNote):
    """Tons accepted of one line; 0.000 rejects it."""

    accepted_tons: Tons


class InspectReturn(Body):
    """Quality's inspection: every received line once. The result is derived; one that is given must agree."""

    lines: Lines[InspectedLine]
    findings: Paragraph | None = None
    result: Result | None = None

    @property
    def tons(self) -> dict[int, Decimal]:
        """The tons accepted, by line."""
        return {line.line: line.accepted_tons for line in self.lines}


class CancelReturn(Body):
    """Why an approved return will not come."""

    reason: Paragraph


class ReturnLineOut(BaseModel):
    """One line: tons and yuan approved (or proposed), received and accepted; null until that step."""

    model_config = ConfigDict(from_attributes=True)
    line: int
    product_id: UUID
    product_name: str
    lot: str
    tons: Tons
    price_per_ton: YuanOrZero
    value: YuanOrZero
    received_tons: Tons | None
    accepted_tons: Tons | None
    accepted_value: YuanOrZero | None


class ReturnOut(BaseModel):
    """A return; `result` is the inspection's, `accepted_value` in yuan is what the exposure falls by."""

    model_config = ConfigDict(from_attributes=True)
    id: UUID
    number: str
    complaint_id: UUID
    customer_id: UUID
    account_id: UUID
    delivery_note_id: UUID
    status: ReturnStatus
    value: YuanOrZero
    approved_on: date | None
    received_on: date | None
    received_by: str | None
    receipt_note: str | None
    inspected_on: date | None
    inspected_by: str | None
    result: Result | None
    findings: str | None
    accepted_value: YuanOrZero | None
    cancelled_on: date | None
    cancel_reason: str | None
    lines: list[ReturnLineOut]

    @classmethod
    def show(cls, returned: Return) -> Self:
        """`returned` with its lines."""
        return cls.model_validate(returned)


class ReturnAnswer(ReturnOut):
    """A return after a step that rules may refuse; refused, it is unchanged and the verdict says why."""

    allowed: bool
    verdict: dict[str, Any]

    @classmethod
    def judged(cls, returned: Return, verdict: VerdictRow, language: Language) -> Self:
        """`returned` and the verdict on it."""
        shown = dict(ReturnOut.show(returned))
        return cls(**shown, allowed=verdict.allowed, verdict=localized(verdict.content, language))
