"""What is asked and answered about breaches."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints, model_validator

from fangxing.answers import Judged
from fangxing.breaches.rules import AppealOutcome, BreachAction, BreachStatus, Finding
from fangxing.breaches.store import Breach
from fangxing.money import PositiveYuan, Yuan
from fangxing.roles import Role
from fangxing.text import Code, Language, Line, Paragraph, Reference, Text
from fangxing.validation import Body, invalid

DocumentName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z-]{0,39}/[A-Za-z0-9._-]{1,64}$")]
"""A document as tasks and timelines name it: "contract/<id>"."""

_FINE_NEEDED = Text("罚款须写明金额，其他决定没有金额", "a fine needs its amount, and nothing else has one")


class OpenBreach(Body):
    """A breach entered by hand, of `person` (the subject he signs in as) in the case `about`, another document.

    `acted_as` is the role in which he did it. `attachments` are files the caller has sent.
    """

    kind: Code
    about: DocumentName
    person: Reference
    acted_as: Role
    evidence: Paragraph
    attachments: list[UUID] = Field(default_factory=list, max_length=50)


class PassOn(Body):
    """Why the consequences are serious, so that the company handles it."""

    because: Paragraph


class DecideBreach(Body):
    """What the decider finds, and why; `fine` in yuan with a fine alone."""

    finding: Finding
    fine: PositiveYuan | None = None
    because: Paragraph

    @model_validator(mode="after")
    def _fine_with_its_amount(self) -> Self:
        if (self.finding is Finding.FINE) != (self.fine is not None):
            raise invalid("fine-needed", _FINE_NEEDED)
        return self


class Appeal(Body):
    """What the person concerned has to say against the decision."""

    because: Paragraph


class Judge(Body):
    """What becomes of the decision, and why; `fine` in yuan where it is upheld with a lower one."""

    judgement: AppealOutcome
    fine: PositiveYuan | None = None
    because: Paragraph

    @model_validator(mode="after")
    def _no_fine_lifted(self) -> Self:
        if self.judgement is AppealOutcome.LIFT and self.fine is not None:
            raise invalid("fine-needed", _FINE_NEEDED)
        return self


class WithdrawBreach(Body):
    """Why it was entered in error."""

    because: Paragraph


class BreachRow(BaseModel):
    """A breach in a list; `fine` in yuan is what the person owes, null where nothing was decided or no fine."""

    id: UUID
    kind: str
    clause: Annotated[str, Text("条款", "clause")]
    name: Annotated[str, Text("违规", "breach")]
    about: Annotated[str, Text("单据", "document")]
    person: Annotated[str, Text("当事人", "person")]
    acted_as: Annotated[Role, Text("当时角色", "acted as")]
    decider: Annotated[Role, Text("处理人", "decider")]
    status: Annotated[BreachStatus, Text("状态", "state")]
    fine: Annotated[Yuan | None, Text("罚款（元）", "fine (yuan)")]
    opened_at: Annotated[datetime, Text("登记时间", "opened")]
    decided_at: Annotated[datetime | None, Text("处理时间", "decided")]

    @classmethod
    def show(cls, row: Any, language: Language) -> Self:
        """The breach of a row, in the caller's language."""
        name = row["name_zh"] if language == "zh-CN" else row["name_en"]
        return cls(name=name, **{field: row[field] for field in cls.model_fields if field != "name"})


class BreachOut(BreachRow):
    """One breach: the range of the fine in yuan, null where the clause names none, and what the caller may do."""

    fine_least: Yuan | None
    fine_most: Yuan | None
    author: str
    evidence: str
    serious_because: str | None
    decision: str | None
    decided_by: str | None
    appeal: str | None
    judgement: str | None
    judged_by: str | None
    withdrawn_because: str | None
    actions: list[BreachAction]

    @classmethod
    def of(cls, breach: Breach, actions: list[str], language: Language) -> Self:
        """The breach as it is shown."""
        row = {name: getattr(breach, name) for name in cls.model_fields.keys() - {"name", "actions"}}
        return cls.model_validate({**row, "name": breach.name.say(language), "actions": actions})


class BreachJudged(Judged):
    """A breach with the verdict on what was asked; refused, it is as it was."""

    breach: BreachOut


class MonthRow(BaseModel):
    """A person's breaches of a month: how many, how many with a fine, and the fines together in yuan."""

    month: Annotated[str, Text("月份", "month")]
    person: Annotated[str, Text("当事人", "person")]
    breaches: Annotated[int, Text("违规次数", "breaches")]
    fined: Annotated[int, Text("罚款次数", "fined")]
    fines: Annotated[Yuan, Text("罚款合计（元）", "fines (yuan)")]


Month = Annotated[Line, StringConstraints(pattern=r"^\d{4}-\d{2}$")]
"""A calendar month, "2026-11"."""
