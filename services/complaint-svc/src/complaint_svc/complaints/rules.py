"""The rules of chapter 6 on complaints. Pure: no I/O, no clock, no settings."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Literal

from fangxing.clauses import clause
from fangxing.roles import Role
from fangxing.text import Text
from fangxing.verdicts import Reason, ReasonType, Verdict

ComplaintKind = Literal["grumble", "complaint", "return", "claim"]
Channel = Literal["letter", "phone", "fax", "visit", "service", "return"]
Road = Literal["quality", "technique", "sales", "usage", "carrier"]
Band = Literal["plain_grumble", "other"]

_RESPONSIBLE: dict[Road, Role] = {
    "quality": Role.QUALITY,
    "technique": Role.PRODUCTION,
    "sales": Role.SALES_MANAGER,
    "usage": Role.SALES_REP,
    "carrier": Role.SALES_REP,
}

NOT_APPROVED = ReasonType(
    "handling-not-approved",
    "6-5.2.1",
    Text("处理意见未获批准，不能结案", "The handling is not approved yet"),
    Text("先由责任方签署处理意见并获批准", "Have the responsible party sign a handling and get it approved"),
)
RETURNS_OPEN = ReasonType(
    "returns-open",
    "6-5.3",
    Text("退货 {returns} 尚未检验", "Returns not inspected yet: {returns}"),
    Text("等这些退货检验完毕，或不来的取消", "Have them inspected, or cancelled if they will not come"),
)
TOLD_BEFORE_APPROVAL = ReasonType(
    "told-before-approval",
    "6-5.2.1",
    Text(
        "{told} 告知客户，早于 {approved} 的批准；批准前不得向客户承诺",
        "The customer was told on {told}, before the approval of {approved}; nothing is promised before it",
    ),
    Text("按批准的处理结果再告知客户", "Tell the customer what was approved, and name that date"),
)


def register_number(year: int, sequence: int) -> str:
    """The number of an entry of the register 客户反馈处理记录."""
    return f"KF-{year}-{sequence:05d}"


@clause("6-5.1.2")
def responsible_role(road: Road) -> Role:
    """Who is responsible on a road: quality; production for technique; the sales manager; the rep himself."""
    return _RESPONSIBLE[road]


@clause("6-5.2.3")
def answer_due(registered_on: date, named: date | None, answer_days: int | None) -> date:
    """The last day for the answer: the customer's own date, else by policy, else (unset) the same day."""
    return named or registered_on + timedelta(days=answer_days or 0)


@clause("6-5.2.2")
def missing_analysis(road: Road, secondary_causes: str | None, improvement: str | None) -> str | None:
    """The field a quality handling lacks: beside the main cause it names secondary causes and the improvement."""
    if road != "quality":
        return None
    if secondary_causes is None:
        return "secondary_causes"
    return "improvement" if improvement is None else None


@clause("6-5.2.1", "1-3.12")
def decision_band(
    kind: ComplaintKind, *, with_returns: bool, responsible: Role, grumble_deciders: Collection[Role]
) -> Band:
    """Who decides a handling: a plain grumble's own deciders, in every other case the general manager.

    A grumble with returns is not plain, nor is one whose decider would be the responsible party himself.
    """
    plain = kind == "grumble" and not with_returns and responsible not in grumble_deciders
    return "plain_grumble" if plain else "other"


@clause("6-5.3", "6-5.2.1")
def closing_verdict(*, approved_on: date | None, told_on: date, open_returns: Sequence[str], today: date) -> Verdict:
    """Whether a complaint may close: approved, the customer told on or after that day, no return of it still open."""
    reasons: list[Reason] = []
    if approved_on is None:
        reasons.append(NOT_APPROVED())
    elif told_on < approved_on:
        reasons.append(TOLD_BEFORE_APPROVAL(told=told_on, approved=approved_on))
    if open_returns:
        reasons.append(RETURNS_OPEN(returns=", ".join(open_returns)))
    return Verdict(
        allowed=not reasons,
        outcome="refused" if reasons else "closed",
        reasons=tuple(reasons),
        inputs={
            "approved_on": approved_on,
            "told_customer_on": told_on,
            "open_returns": len(open_returns),
            "today": today,
        },
    )
