"""What is asked of the deciding feature, and the whole of a complaint as it answers."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from complaint_svc.complaints.rules import ComplaintAction, ComplaintKind, Road
from complaint_svc.complaints.shapes import ComplaintOut
from complaint_svc.deciding.reasons import NOTE_TWICE
from complaint_svc.deciding.rules import HandlingStatus
from complaint_svc.deciding.store import Handling
from complaint_svc.reference.access import MONEY
from complaint_svc.returns.rules import each_once
from complaint_svc.returns.shapes import ProposedReturn, ReturnOut
from fangxing.answers import ApprovalOut, Judged, VerdictOut
from fangxing.decision_log import VerdictRow
from fangxing.money import Tons, YuanOrZero
from fangxing.roles import Role
from fangxing.sight import SeenBy
from fangxing.text import Language, Paragraph
from fangxing.validation import Body, invalid


def _each_note_once(returns: list[ProposedReturn]) -> list[ProposedReturn]:
    if not each_once(returned.delivery_note_id for returned in returns):
        raise invalid("delivery-note-twice", NOTE_TWICE)
    return returns


class SignHandling(Body):
    """Cause and handling 原因调查及处理结果; on road quality with secondary causes and the improvement (6-5.2.2)."""

    cause: Paragraph
    secondary_causes: Paragraph | None = None
    improvement: Paragraph | None = None
    handling: Paragraph
    returns: Annotated[list[ProposedReturn], AfterValidator(_each_note_once)] = Field(default=[], max_length=50)


class CloseComplaint(Body):
    """The day the customer was told what was approved."""

    told_customer_on: date
    note: Paragraph


class HandlingOut(BaseModel):
    """One signed cause and handling."""

    model_config = ConfigDict(from_attributes=True)
    number: int
    road: Road
    cause: str
    secondary_causes: str | None
    improvement: str | None
    handling: str
    status: HandlingStatus
    author: str
    author_name: str
    signed_as: Role
    signed_at: datetime

    @classmethod
    def show(cls, handling: Handling) -> Self:
        """`handling` as it was signed."""
        return cls.model_validate(handling)


class ProposedLineContent(BaseModel):
    """Tons of one line that are to come back, and their value in yuan."""

    line: int
    tons: Tons
    value: Annotated[YuanOrZero | None, SeenBy(MONEY)]


class ProposedReturnContent(BaseModel):
    """A return against the delivery note with that number."""

    delivery_note: str
    lines: list[ProposedLineContent]
    value: Annotated[YuanOrZero | None, SeenBy(MONEY)]


class HandlingContent(BaseModel):
    """What the deciders of a handling see and sign: the complaint, its cause and handling, and what comes back."""

    complaint: str
    customer: str
    kind: ComplaintKind
    text: str
    lot: str | None
    road: Road
    handling_number: int
    cause: str
    secondary_causes: str | None
    improvement: str | None
    handling: str
    returns: list[ProposedReturnContent]
    returns_value: Annotated[YuanOrZero | None, SeenBy(MONEY)]
    author: str


class HandlingApproval(ApprovalOut):
    """The approval of a handling; its hash is of all that is signed, also of what the caller does not see."""

    model_config = ConfigDict(title="HandlingApproval")
    content: HandlingContent  # type: ignore[assignment]  # free JSON elsewhere


class WholeComplaint(ComplaintOut):
    """One complaint with its handlings, the approval of the last one, and the returns they propose.

    `actions` is what the caller may try with it now.
    """

    actions: list[ComplaintAction]
    handlings: list[HandlingOut]
    approval: HandlingApproval | None
    returns: list[ReturnOut]


class ComplaintAnswer(WholeComplaint, Judged):
    """A complaint after a step that rules may refuse; refused, it is unchanged and the verdict says why."""

    @classmethod
    def judged(cls, complaint: WholeComplaint, verdict: VerdictRow, language: Language) -> Self:
        """`complaint` and the verdict on it."""
        said = VerdictOut.show(verdict.content, language)
        return cls(**dict(complaint), allowed=verdict.allowed, verdict=said)
