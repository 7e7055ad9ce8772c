"""What every service answers in one shape: verdicts, approvals, and that something was refused.

No HTTP here, so that the shapes of a service may build on them.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from fangxing.approvals import CaseStatus, Decision
from fangxing.history import HistoryEntry
from fangxing.labels import Unit, label_of
from fangxing.roles import Role
from fangxing.text import Language
from fangxing.verdicts import content_hash

Figure = str | int | bool | None
"""A figure as JSON holds it: amounts, weights, dates and ids are text."""


class VerdictReason(BaseModel):
    """One reason of a verdict: a sentence in the caller's language, the clause it rests on, and its figures."""

    slug: str = Field(examples=["over-limit"])
    clause: str = Field(examples=["5-4.2.1-C"])
    text: str
    params: dict[str, Figure]


class VerdictInput(BaseModel):
    """One figure a verdict looked at; `label` is its name in the caller's language."""

    name: str = Field(examples=["exposure"])
    label: str = Field(examples=["欠款额度"])
    unit: Unit | None
    value: Figure = Field(examples=["80000.00"])


class VerdictOut(BaseModel):
    """A verdict 裁决 in the caller's language, with everything it looked at.

    `outcome` names what happened or who decides next; `would_pass` says what would turn a refusal into a yes; `hash` is
    the one that the decision log has sealed.
    """

    model_config = ConfigDict(title="Verdict")
    allowed: bool
    outcome: str = Field(examples=["refused"])
    clauses: list[str] = Field(examples=[["5-4.2.1-C"]])
    reasons: list[VerdictReason]
    would_pass: list[str]
    inputs: list[VerdictInput]
    policy_versions: dict[str, int]
    hash: str = Field(pattern="^[0-9a-f]{64}$")

    @classmethod
    def show(cls, content: Mapping[str, Any], language: Language) -> Self:
        """The verdict whose `content` the decision log keeps.

        Raises ValueError for a verdict without what it is about: its hash would be one that nobody has sealed.
        """
        if not content.keys() >= {"kind", "document"}:
            raise ValueError("not the content that the decision log keeps")
        reasons = content["reasons"]
        return cls(
            allowed=content["allowed"],
            outcome=content["outcome"],
            clauses=content["clauses"],
            reasons=[VerdictReason.model_validate({**reason, "text": reason["text"][language]}) for reason in reasons],
            would_pass=[reason["remedy"][language] for reason in reasons if "remedy" in reason],
            inputs=[_input(name, value, language) for name, value in content["inputs"].items()],
            policy_versions=content["policy_versions"],
            hash=content_hash(content),
        )


def _input(name: str, value: Figure, language: Language) -> VerdictInput:
    label = label_of(name)
    if label is None:
        return VerdictInput(name=name, label=name, unit=None, value=value)
    return VerdictInput(name=name, label=label.text.say(language), unit=label.unit, value=value)


class Judged(BaseModel):
    """Base of what a route answers that judges: one way to say a refusal.

    A route that would answer 201 answers 200 where `allowed` is false: what was asked for does not exist or stops here.
    """

    allowed: bool
    verdict: VerdictOut


class ApprovalStepOut(BaseModel):
    """One step of an approval; its decision and decider are null until it is decided.

    `on_behalf_of` is whom its decider stood in for as a deputy.
    """

    number: int
    role: Role
    decision: Decision | None
    decided_by: str | None
    decided_by_name: str | None
    on_behalf_of: str | None
    decided_at: datetime | None
    comment: str | None


class ApprovalPolicy(BaseModel):
    """The version of the route policy that an approval follows."""

    key: str
    version: int


class ApprovalOut(BaseModel):
    """An approval 审批 on its way: the route, who decided what, and who is next.

    `content` is what every decider is asked to see, `hash` what he sends back as seen; `waiting_for` is the role of the
    current step, null once the case is closed.
    """

    model_config = ConfigDict(title="Approval")
    status: CaseStatus
    band: str
    clause: str
    hash: str = Field(pattern="^[0-9a-f]{64}$")
    content: dict[str, Any]
    policy: ApprovalPolicy
    waiting_for: Role | None
    steps: list[ApprovalStepOut]

    @classmethod
    def show(cls, summary: Mapping[str, Any]) -> Self:
        """The approval of which `approvals.summary` was made."""
        return cls.model_validate(summary)


class HistoryOut(BaseModel):
    """One action of a document's timeline: its code, what people say, and who did it for whom."""

    model_config = ConfigDict(title="HistoryEntry")
    action: str = Field(examples=["submit"])
    text: str
    actor: str
    actor_name: str
    on_behalf_of: str | None
    on_behalf_of_name: str | None
    at: datetime

    @classmethod
    def show(cls, entry: HistoryEntry, language: Language) -> Self:
        """The entry in the caller's language."""
        return cls.model_validate({**asdict(entry), "text": entry.text.say(language)})
