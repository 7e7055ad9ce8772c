"""Why a shipment stands on its road, in both languages, and what would make it pass."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from fangxing.labels import Unit, labels
from fangxing.money import ZERO
from fangxing.text import Text
from fangxing.verdicts import Reason, ReasonType

LABELS = labels(
    today=("当天", "today"),
    exposure=("欠款额度", "exposure", Unit.YUAN),
    exposure_after=("发货后欠款额度", "exposure with this shipment", Unit.YUAN),
    limit=("信用额度", "credit limit", Unit.YUAN),
    grade=("客户等级", "grade"),
    c_from=("自该日起至多 C 级", "at best grade C from"),
    d_from=("自该日起 D 级", "grade D from"),
    stopped=("信用已停用", "credit is stopped"),
    next_due=("最早到期日", "earliest due date"),
    overdue_amount=("逾期金额", "overdue amount", Unit.YUAN),
    receivable=("应收账款", "receivable", Unit.YUAN),
    written_off=("已核销坏账", "written off", Unit.YUAN),
    released=("已放行未发货", "released, not yet shipped", Unit.YUAN),
    shipped_total=("累计赊销发货", "shipped on credit in all", Unit.YUAN),
    settled_total=("累计已结算发货", "settled of what was shipped, in all", Unit.YUAN),
    prepaid_total=("累计预收款", "prepaid in all", Unit.YUAN),
    prepaid_used_total=("累计已用预收款", "prepayments used in all", Unit.YUAN),
    hold=("信用数据暂停使用", "the position is on hold"),
    customer_position=("客户信用头寸版本", "version of the customer's position"),
    approved_road=("批准的审批路线", "road that was approved"),
    ceiling=("批准的欠款上限", "highest exposure agreed to", Unit.YUAN),
    overdue_seen=("审批人已知逾期", "the deciders saw what is overdue"),
    in_writing=("书面特批", "exception in writing"),
    exception=("书面特批编号", "the exception in writing"),
    valid_until=("有效期至", "valid until"),
    reason=("原因", "reason"),
)

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
STOPPED = ReasonType(
    "credit-stopped",
    "2-5.4.4",
    Text("该客户的信用已停用，不再赊销发货", "This customer's credit is stopped: nothing ships on credit"),
    Text("由总经理恢复其信用，或改为款到发货", "The GM lifts the stop, or ship against payment (款到发货)"),
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


def over_limit(before: Decimal, after: Decimal, limit: Decimal) -> Reason:
    """Over the limit, with how much would still fit in where something would; all in yuan."""
    room = max(ZERO, limit - before)
    reason = OVER_LIMIT if room > 0 else OVER_LIMIT_NO_ROOM
    return reason(exposure_after=after, limit=limit, over_by=after - limit, room=room)


def overdue(next_due: date, today: date) -> Reason:
    """Something is overdue since the day after `next_due`."""
    return OVERDUE(next_due=next_due, days=(today - next_due).days)


def prepayment(available: Decimal, value: Decimal) -> Reason:
    """Whether `available` yuan of the prepayments are enough for goods worth `value`."""
    return PREPAID(value=value) if available >= value else PREPAYMENT_MISSING(available=available, value=value)
