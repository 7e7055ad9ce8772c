"""What is asked of returns, and what they answer."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Self, TypeVar
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from complaint_svc.reference.access import MONEY
from complaint_svc.returns.reasons import LINE_TWICE
from complaint_svc.returns.rules import Result, ReturnAction, ReturnStatus, each_once
from complaint_svc.returns.store import Return
from fangxing.answers import Judged, VerdictOut
from fangxing.decision_log import VerdictRow
from fangxing.money import PositiveTons, Tons, YuanOrZero
from fangxing.sight import SeenBy
from fangxing.text import Language, Paragraph, Text
from fangxing.validation import Body, invalid


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
    price_per_ton: Annotated[YuanOrZero | None, SeenBy(MONEY)]
    value: Annotated[YuanOrZero | None, SeenBy(MONEY)]
    received_tons: Tons | None
    accepted_tons: Tons | None
    accepted_value: Annotated[YuanOrZero | None, SeenBy(MONEY)]


class ReturnOut(BaseModel):
    """A return; `result` is the inspection's, `accepted_value` in yuan is what the exposure falls by."""

    id: UUID
    number: Annotated[str, Text("退货单号", "number")]
    complaint_id: UUID
    customer_id: UUID
    customer_name: Annotated[str, Text("客户", "customer")]
    account_id: UUID
    delivery_note_id: UUID
    status: Annotated[ReturnStatus, Text("状态", "status")]
    author: Annotated[str, Text("提出人", "author")]
    value: Annotated[YuanOrZero | None, SeenBy(MONEY), Text("金额（元）", "value (yuan)")]
    approved_on: Annotated[date | None, Text("批准日期", "approved on")]
    received_on: Annotated[date | None, Text("收货日期", "received on")]
    received_by: Annotated[str | None, Text("收货人", "received by")]
    receipt_note: Annotated[str | None, Text("收货备注", "receipt note")]
    inspected_on: Annotated[date | None, Text("检验日期", "inspected on")]
    inspected_by: Annotated[str | None, Text("检验人", "inspected by")]
    result: Annotated[Result | None, Text("检验结论", "result")]
    findings: Annotated[str | None, Text("检验情况", "findings")]
    accepted_value: Annotated[YuanOrZero | None, SeenBy(MONEY), Text("接收金额（元）", "accepted value (yuan)")]
    cancelled_on: Annotated[date | None, Text("取消日期", "cancelled on")]
    cancel_reason: Annotated[str | None, Text("取消原因", "cancel reason")]
    lines: list[ReturnLineOut]

    @classmethod
    def show(cls, returned: Return, **more: Any) -> Self:
        """`returned` with its lines, and `more` where the shape has more."""
        columns = {name: getattr(returned, name) for name in ReturnOut.model_fields if name != "customer_name"}
        return cls.model_validate({**columns, "customer_name": returned.customer.name, **more})


class ReturnDetail(ReturnOut):
    """One return; `actions` is what the caller may try with it now."""

    actions: list[ReturnAction]


class ReturnAnswer(ReturnDetail, Judged):
    """A return after a step that rules may refuse; refused, it is unchanged and the verdict says why."""

    @classmethod
    def judged(cls, returned: ReturnDetail, verdict: VerdictRow, language: Language) -> Self:
        """`returned` and the verdict on it."""
        said = VerdictOut.show(verdict.content, language)
        return cls(**dict(returned), allowed=verdict.allowed, verdict=said)
