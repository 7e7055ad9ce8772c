"""The rules of chapter 5 on who may release what on credit. Pure; `credit/release.py` holds the same in SQL.

A property test shows the two equal for whatever figures.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from fangxing.clauses import clause
from fangxing.money import ZERO
from fangxing.text import Text
from fangxing.verdicts import Reason, ReasonType

Road = Literal["hold", "debt_first", "cash_only", "over", "overdue", "within", "prepaid"]
"""Whose decision a shipment is. `within` and `overdue` the sales manager's, `over` the GM's; `cash_only` (C) and
`debt_first` (D) nobody's without a written exception of the GM; `prepaid` finance's alone; `hold` nobody's."""


@dataclass(frozen=True, slots=True)
class Figures:
    """A credit account as a decision sees it; amounts in yuan, `limit` None for no cap."""

    receivable: Decimal
    written_off: Decimal
    settled_total: Decimal
    prepaid_total: Decimal
    released: Decimal
    shipped_total: Decimal
    prepaid_used_total: Decimal
    grade: str
    limit: Decimal | None
    grade_until: date | None
    next_due: date | None
    hold: bool


@clause("5-4.2.1-B")
def exposure(figures: Figures) -> Decimal:
    """Exposure 欠款额度 in yuan: receivables, plus shipped and not invoiced, plus released and not shipped."""
    return (
        figures.receivable
        + figures.written_off
        + figures.released
        + (figures.shipped_total - figures.settled_total)
        + max(ZERO, figures.prepaid_used_total - figures.prepaid_total)
    )


@clause("2-5.3.1-C")
def effective_grade(figures: Figures, today: date) -> str:
    """The grade on `today`: A and B end after `grade_until`, whether or not customer-svc has said so yet."""
    if figures.grade in ("A", "B") and figures.grade_until is not None and today > figures.grade_until:
        return "C"
    return figures.grade


@clause("2-5.3.2")
def effective_limit(figures: Figures, today: date) -> Decimal | None:
    """The limit on `today` in yuan: none for A, B's own, 0 for the others."""
    grade = effective_grade(figures, today)
    if grade == "A":
        return None
    return (figures.limit or ZERO) if grade == "B" else ZERO


@clause("5-4.2.1-B")
def is_overdue(figures: Figures, today: date) -> bool:
    """Whether something is past due on `today`; on the due date itself nothing is."""
    return figures.next_due is not None and figures.next_due < today


@clause("5-4.2.1-C", "5-2-5.3.2")
def road(figures: Figures, on_credit: Decimal, today: date) -> Road:
    """The road of a shipment worth `on_credit` yuan on credit. Exposure with it equal to the limit is within."""
    if figures.hold:
        return "hold"
    grade = effective_grade(figures, today)
    if grade == "D" and exposure(figures) > 0:
        return "debt_first"
    if grade in ("C", "D"):
        return "cash_only"
    limit = effective_limit(figures, today)
    if limit is not None and exposure(figures) + on_credit > limit:
        return "over"
    return "overdue" if is_overdue(figures, today) else "within"


@clause("5-4.2.2-B")
def prepaid_road(figures: Figures, on_prepayment: Decimal) -> Road:
    """The road of a shipment against prepayment: each earmarked yuan covers once; `over` where it is not there.

    D with debt ships nothing, not even prepaid, until the debt is cleared or the GM agrees in writing (2-5.3.2).
    """
    if figures.hold:
        return "hold"
    if figures.grade == "D" and exposure(figures) > 0:
        return "debt_first"
    return "prepaid" if prepayment_covers(figures, on_prepayment) else "over"


@clause("5-4.2.2-B")
def prepayment_covers(figures: Figures, on_prepayment: Decimal) -> bool:
    """Whether so many yuan of the prepayments are free."""
    return figures.prepaid_used_total + on_prepayment <= figures.prepaid_total


@dataclass(frozen=True, slots=True)
class Approval:
    """What the deciders said yes to: the road they saw, and the GM's ceiling in yuan where he decided.

    `overdue`: they saw that something is overdue, with the rep's reason. `in_writing`: the ceiling is that of a written
    exception 总经理书面特批, which grade C and D need and which needs no reason.
    """

    road: Road
    ceiling: Decimal | None = None
    overdue: bool = False
    in_writing: bool = False

    def reaches(self, exposure_after: Decimal) -> bool:
        """Whether the GM's ceiling covers an exposure of so many yuan."""
        return self.ceiling is not None and exposure_after <= self.ceiling


@clause("5-4.2.1-C", "5-2-5.3.2")
def may_release(figures: Figures, on_credit: Decimal, approval: Approval, today: date) -> bool:
    """Whether the release may happen at this very moment, with the approval there is.

    The GM's yes covers the limit up to the exposure he saw. It does not cover what fell due since, which takes the
    rep's reason, nor a grade that fell to C or D since: that takes his exception in writing. Nothing covers a hold.
    """
    now = road(figures, on_credit, today)
    if now == "hold":
        return False
    reached = approval.reaches(exposure(figures) + on_credit)
    if approval.in_writing and reached:
        return True
    if now in ("cash_only", "debt_first") or (is_overdue(figures, today) and not approval.overdue):
        return False
    return reached or now != "over"


@clause("5-4.2.2-B", "5-2-5.3.2")
def may_release_prepaid(figures: Figures, on_prepayment: Decimal, approval: Approval) -> bool:
    """Whether goods against prepayment may go at this very moment: the money is there, whatever else is agreed.

    For D with debt it also takes the GM's exception in writing, up to what the customer owes now.
    """
    now = prepaid_road(figures, on_prepayment)
    if now == "debt_first" and approval.in_writing and approval.reaches(exposure(figures)):
        return prepayment_covers(figures, on_prepayment)
    return now == "prepaid"


OVER_LIMIT = ReasonType(
    "over-limit",
    "5-4.2.1-C",
    Text(
        "发货后欠款 {exposure_after} 元，超过额度 {limit} 元 {over_by} 元",
        "Exposure with this shipment is {exposure_after} yuan, {over_by} over the limit of {limit}",
    ),
    Text(
        "由总经理审批；或先收款、改为款到发货，或把本单减到 {room} 元以内",
        "The GM decides; or collect first, ship against payment (款到发货), or stay within {room} yuan",
    ),
)
OVER_LIMIT_NO_ROOM = replace(
    OVER_LIMIT,
    remedy=Text(
        "由总经理审批；或先收款、改为款到发货", "The GM decides; or collect first, or ship against payment (款到发货)"
    ),
)
OVERDUE = ReasonType(
    "overdue",
    "5-4.2.1-C",
    Text("有逾期款：{next_due} 到期，已逾期 {days} 天", "Payment is overdue: due {next_due}, {days} days late"),
    Text(
        "销售专员填写逾期原因，由销售经理审批；或先付清逾期款",
        "The rep gives the reason and the sales manager decides; or the overdue amount is paid",
    ),
)
CASH_ONLY = ReasonType(
    "grade-cash-only",
    "2-5.3.2",
    Text("客户现为 {grade} 级，信用额度为 0，只能现款现货", "The customer is grade {grade}: limit 0, cash only"),
    Text("改为款到发货，或由总经理书面特批", "Ship against payment (款到发货), or with the GM's written exception"),
)
DEBT_FIRST = ReasonType(
    "debt-first",
    "2-5.3.2",
    Text(
        "D 级客户尚欠 {exposure} 元，结清前不再交易",
        "Grade D still owes {exposure} yuan: no further trade until it is cleared",
    ),
    Text("先结清欠款，或由总经理书面特批", "Clear the debt, or the GM's written exception"),
)
ON_HOLD = ReasonType(
    "position-missing",
    "2-5.1",
    Text(
        "没有该客户可信的信用数据，暂停发货",
        "There is no trustworthy credit position of this customer: shipping is on hold",
    ),
    Text(
        "等信用数据同步；若持续，联系管理员处理同步异常",
        "Wait for the figures; if they do not come, ask the administrator to repair the synchronisation",
    ),
)
PREPAYMENT_MISSING = ReasonType(
    "prepayment-missing",
    "5-4.2.2-B",
    Text(
        "已收预付款可用 {available} 元，不足本单 {value} 元",
        "Of the prepayments {available} yuan are free, this shipment needs {value}",
    ),
    Text("财务查到货款并登记为预付款后再审", "Passes once finance finds the money and enters it as a prepayment"),
)
WITHIN_LIMIT = ReasonType(
    "within-limit",
    "5-4.2.1-C",
    Text(
        "发货后欠款 {exposure_after} 元，在额度之内，无逾期",
        "Exposure with this shipment is {exposure_after} yuan, within the limit, nothing overdue",
    ),
)
PREPAID = ReasonType(
    "prepaid", "5-4.2.2-B", Text("货款已到，款到发货 {value} 元", "The money is there: {value} yuan against prepayment")
)
GM_CEILING = ReasonType(
    "gm-ceiling",
    "5-4.2.1-C",
    Text("总经理批准到欠款 {ceiling} 元为止", "The GM's yes covers an exposure of up to {ceiling} yuan"),
)
GM_CEILING_EXCEEDED = ReasonType(
    "gm-ceiling-exceeded",
    "5-4.2.1-C",
    Text(
        "发货后欠款 {exposure_after} 元，超过总经理批准的 {ceiling} 元",
        "Exposure with this shipment is {exposure_after} yuan, above the {ceiling} the GM agreed to",
    ),
    Text("按现在的数字重新报总经理审批", "The GM decides again on today's figures"),
)


def reasons(figures: Figures, on_credit: Decimal, on_prepayment: Decimal, today: date) -> tuple[Reason, ...]:
    """Why the shipment stands on its road, with the figures and what would make it pass."""
    if figures.hold:
        return (ON_HOLD(),)
    before = exposure(figures)
    grade = effective_grade(figures, today)
    if grade == "D" and before > 0:
        missing = on_prepayment > 0 and not prepayment_covers(figures, on_prepayment)
        return (DEBT_FIRST(exposure=before), *([_prepayment(figures, on_prepayment)] if missing else []))
    if on_prepayment > 0:
        return (_prepayment(figures, on_prepayment),)
    if grade in ("C", "D"):
        return (CASH_ONLY(grade=grade),)
    limit = effective_limit(figures, today)
    after = before + on_credit
    if limit is not None and after > limit:
        room = max(ZERO, limit - before)
        reason = OVER_LIMIT if room > 0 else OVER_LIMIT_NO_ROOM
        over = reason(exposure_after=after, limit=limit, over_by=after - limit, room=room)
        return (over, *_overdue(figures, today))
    return _overdue(figures, today) or (WITHIN_LIMIT(exposure_after=after),)


def _prepayment(figures: Figures, value: Decimal) -> Reason:
    available = max(ZERO, figures.prepaid_total - figures.prepaid_used_total)
    return PREPAID(value=value) if available >= value else PREPAYMENT_MISSING(available=available, value=value)


def _overdue(figures: Figures, today: date) -> tuple[Reason, ...]:
    if not is_overdue(figures, today) or figures.next_due is None:
        return ()
    return (OVERDUE(next_due=figures.next_due, days=(today - figures.next_due).days),)
