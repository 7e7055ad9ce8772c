"""Pure rules of the notices."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

from fangxing.clauses import clause
from fangxing.money import KILOGRAM
from fangxing.text import Text
from fangxing.verdicts import ReasonType

LOOSER_THAN_TERMS = ReasonType(
    "looser-than-terms",
    "5-4.1",
    Text(
        "合同的付款条件是“{terms_zh}”，不能按常规发货",
        "The contract's terms are '{terms_en}': not a regular shipment on credit",
    ),
    Text(
        "改为款到发货；或先按审批变更合同的付款条件",
        "Ship against payment (款到发货), or have the contract's terms changed first",
    ),
)
SHORT_NOTICE = ReasonType(
    "short-notice",
    "5-4.2.1-A",
    Text("发货日期 {ship_on} 距今不足 {days} 天", "The shipping date {ship_on} is less than {days} days away"),
    Text(
        "发货日期改为 {earliest} 或以后，或写明临时要货的原因",
        "A shipping date from {earliest} on, or the reason for the short notice",
    ),
)

LEAD_DAYS_UNSET = ReasonType(
    "lead-days-unset",
    "5-4.2.1-A",
    Text(
        "没有设定发货通知单须提前的天数，每张都按不足天数处理",
        "How many days ahead a notice must come is not set, so every notice is a short one",
    ),
    Text(
        "由销售经理设定提前天数，或写明临时要货的原因",
        "The sales manager sets the days, or the notice gives the reason for the short notice",
    ),
)


@clause("5-4.2.1-A")
def is_short_notice(today: date, ship_on: date, lead_days: int | None) -> bool:
    """Whether the notice comes less than `lead_days` before the shipping date; exactly that many days is in time.

    Without a policy every notice is short, and needs its reason.
    """
    return lead_days is None or ship_on < today + timedelta(days=lead_days)


@clause("5-4.1")
def kind_fits_terms(kind: str, terms_kind: str) -> bool:
    """Whether a notice of `kind` is what the order's terms ask for, or stricter: prepaid goods always are."""
    return kind == "prepaid" or terms_kind == "credit"


@clause("5-4.2.1-D")
def most_tons(tons: Decimal, tolerance_pct: Decimal) -> Decimal:
    """The most that may be loaded on a line of `tons`, with the load tolerance, down to the kilogram."""
    return (tons * (1 + tolerance_pct / 100)).quantize(KILOGRAM, ROUND_DOWN)


@dataclass(frozen=True, slots=True)
class Shipped:
    """How a shipment moves its account: off what is released, and into what is shipped, in yuan."""

    released: Decimal
    shipped: Decimal


@clause("5-4.2.1-B", "5-4.2.2-B")
def draw(value: Decimal, *, prepaid: bool) -> Shipped:
    """Goods worth `value` leave a reservation: on credit they move from released to shipped.

    Prepaid ones move nothing: the prepayment was used up with the release.
    """
    return Shipped(Decimal(0), Decimal(0)) if prepaid else Shipped(-value, value)
