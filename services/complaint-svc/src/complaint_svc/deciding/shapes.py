"""What is asked of the deciding feature, and the whole of a complaint as it answers."""

from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from complaint_svc.complaints.rules import Road
from complaint_svc.complaints.shapes import ComplaintOut
from complaint_svc.deciding.reasons import NOTE_TWICE
from complaint_svc.deciding.rules import HandlingStatus
from complaint_svc.deciding.store import Handling
from complaint_svc.returns.rules import each_once
from complaint_svc.returns.shapes import ProposedReturn, ReturnOut
from fangxing.decision_log import VerdictRow
from fangxing.roles import Role
from fangxing.text import Language, Paragraph
from fangxing.validation import Body, invalid
from fangxing.verdicts import localized


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


class WholeComplaint(ComplaintOut):
    """One complaint with its handlings, their approval and the returns they propose."""

    handlings: list[HandlingOut]
    approval: dict[str, Any] | None
    returns: list[ReturnOut]


class ComplaintAnswer(WholeComplaint):
    """A complaint after a step that rules may refuse; refused, it is unchanged and the verdict says why."""

    allowed: bool
    verdict: dict[str, Any]

    @classmethod
    def judged(cls, complaint: WholeComplaint, verdict: VerdictRow, language: Language) -> Self:
        """`complaint` and the verdict on it."""
        return cls(**dict(complaint), allowed=verdict.allowed, verdict=localized(verdict.content, language))
