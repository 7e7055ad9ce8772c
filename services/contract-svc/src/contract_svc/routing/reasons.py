"""What people are told about a contract's route: the reasons of chapter 4, and what each reviewer looks at.

A reason has its clause and, where it refuses, what would make it pass.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from contract_svc.reference.reasons import LIFECYCLE_NAMES, TERMS_NAMES, grade_name
from contract_svc.reference.rules import Level, Lifecycle, Terms
from fangxing.positions import Grade
from fangxing.roles import Role, spoken_roles
from fangxing.text import Text
from fangxing.verdicts import Reason, ReasonType

# Price level per line (3-8.2-A)
WITHIN_AUTHORITY = ReasonType(
    "price-within-authority",
    "3-8.2-A",
    Text(
        "第 {line} 行单价 {price} 在{whose}权限 {low} 至 {high} 之内（基准价 {base}）",
        "Line {line}: the price {price} is within the authority of the {whose}, {low} to {high} (base price {base})",
    ),
)
BEYOND_BANDS = ReasonType(
    "price-beyond-bands",
    "3-8.2-A",
    Text(
        "第 {line} 行单价 {price} 超出销售部权限 {low} 至 {high}（基准价 {base}）",
        "Line {line}: the price {price} is outside the sales authority, {low} to {high} (base price {base})",
    ),
)
AT_INITIAL_PRICE = ReasonType(
    "price-at-initial",
    "3-6",
    Text("第 {line} 行按初始价 {base} 定价", "Line {line} is at exactly the initial price {base}"),
)
OFF_INITIAL_PRICE = ReasonType(
    "price-off-initial",
    "3-6",
    Text(
        "第 {line} 行单价 {price} 偏离初始价 {base}：初始价只能照价使用",
        "Line {line}: the price {price} deviates from the initial price {base}, which is usable at exactly that price",
    ),
)
PRODUCT_UNKNOWN = ReasonType(
    "product-unknown",
    "3-8.2-A",
    Text("第 {line} 行的产品 {product} 未登记", "Line {line}: the product {product} is not known"),
)
NO_BASE_PRICE = ReasonType(
    "base-price-missing",
    "3-8.2-A",
    Text("第 {line} 行的产品 {product} 没有生效的基准价", "Line {line}: {product} has no base price in force"),
)
NO_AUTHORITY = ReasonType(
    "price-authority-missing",
    "3-8.2-A",
    Text(
        "第 {line} 行的产品系列 {family} 没有生效的价格权限表",
        "Line {line}: the product family {family} has no price authority table in force",
    ),
)


def within_authority(line: int, price: Decimal, base: Decimal, edges: tuple[Decimal, Decimal], level: Level) -> Reason:
    """`price` lies within the authority of `level`, whose `edges` are its lowest and highest price."""
    low, high = edges
    return WITHIN_AUTHORITY(
        line=line,
        price=price,
        base=base,
        role=level,
        whose=spoken_roles([Role(level)]),
        low=_short(low),
        high=_short(high),
    )


def beyond_bands(line: int, price: Decimal, base: Decimal, edges: tuple[Decimal, Decimal]) -> Reason:
    """`price` lies within nobody's authority in the sales department."""
    low, high = edges
    return BEYOND_BANDS(line=line, price=price, base=base, low=_short(low), high=_short(high))


def _short(price: Decimal) -> str:
    """An exact edge without trailing zeros beyond the cent."""
    cents = price.quantize(Decimal("0.01"))
    return format(cents if cents == price else price.normalize(), "f")


# Who signs (4-4.2)
MANAGER_REVIEWS = ReasonType(
    "manager-reviews",
    "4-3",
    Text(
        "销售经理审核订货量、客户、价格和可供货能力",
        "The sales manager reviews quantity, customer, price and whether it can be supplied",
    ),
)
TERM_WITHOUT_LIMIT = ReasonType(
    "term-without-limit",
    "4-4.2.4",
    Text(
        "客户没有信用额度（等级 {graded}），却要求 {days} 天账期",
        "The customer has no credit limit (grade {graded}) and asks for a term of {days} days",
    ),
)
TERMS_DIFFER = ReasonType(
    "terms-differ",
    "4-4.2.4",
    Text(
        "合同账期 {days} 天，与客户的结算方式（{settled}，{settled_days} 天）不符",
        "The contract's term of {days} days differs from the customer's settlement terms"
        " ({settled}, {settled_days} days)",
    ),
)
TOTAL_OVER_LIMIT = ReasonType(
    "total-over-limit",
    "4-4.2.1",
    Text(
        "合同总价 {total} 元超过销售经理权限 {limit} 元",
        "The total of {total} yuan is over the sales manager's {limit} yuan",
    ),
)
LIMIT_UNSET = ReasonType(
    "manager-limit-unset",
    "4-4.2.1",
    Text("销售经理的合同金额权限未设定", "The sales manager's amount limit has no value"),
)
PRICE_BEYOND_AUTHORITY = ReasonType(
    "price-beyond-authority",
    "4-4.2.1",
    Text("第 {line} 行定价超出销售部授权", "The price of line {line} is beyond the sales authority"),
)
GM_SIGNS_TYPE = ReasonType(
    "gm-signs-type",
    "4-4.2.1",
    Text(
        "按政策 {policy}，此类合同由总经理签字",
        "By policy {policy} the general manager signs contracts of this type",
    ),
)
GM_SWITCH_UNSET = ReasonType(
    "gm-switch-unset",
    "4-4.2.1",
    Text("政策 {policy} 未设定，从严由总经理签字", "Policy {policy} has no value, so the general manager signs"),
)
ROUTE_NAMES_ROLE = ReasonType(
    "route-names-role",
    "1-3.9",
    Text("审批路线 {policy} 的“{signers}”一栏列有此岗位", "The route policy {policy} lists this role for '{signers}'"),
)


def term_without_limit(grade: Grade | None, days: int) -> Reason:
    """A customer of `grade`, None where no grade is known, has no limit and asks for a term."""
    return TERM_WITHOUT_LIMIT(grade=grade or "-", graded=grade_name(grade), days=days)


def terms_differ(days: int, settled: Terms) -> Reason:
    """A term of `days` is not what was settled with the customer."""
    return TERMS_DIFFER(
        days=days, settled_kind=settled.kind, settled=TERMS_NAMES[settled.kind], settled_days=settled.days
    )


def route_names_role(policy: str, band: str, needed: Sequence[Role]) -> Reason:
    """The route policy lists a role that chapter 4 does not call for; `needed` are those it does, for `band`."""
    return ROUTE_NAMES_ROLE(policy=policy, band=band, signers=spoken_roles(needed))


# Refusal at submission (4-4.2.2)
PRICING_FIRST = ReasonType(
    "new-product-pricing-first",
    "4-4.2.2",
    Text(
        "第 {line} 行的 {product} 为非常规产品（{state}），尚无基准价，须先走新产品定价流程",
        "Line {line}: {product} is irregular ({state}) and has no base price; it needs new product pricing first",
    ),
    Text(
        "先完成 {product} 的新产品定价，价格生效后按此价调整合同再提交",
        "Have {product} priced as a new product; when its price is in force adjust the contract to it and submit again",
    ),
)
PRODUCT_FIRST = ReasonType(
    "product-unknown-first",
    "4-4.2.2",
    Text(
        "第 {line} 行的产品 {product} 未登记，视为从未生产，须先走新产品定价流程",
        "Line {line}: the product {product} is not known and counts as never produced;"
        " it needs new product pricing first",
    ),
    Text(
        "由生产部登记产品 {product} 并完成新产品定价，或改用已登记的产品",
        "Have production enter the product {product} and have it priced, or use a product that is known",
    ),
)


def pricing_first(line: int, product: str, lifecycle: Lifecycle) -> Reason:
    """An irregular product has no base price yet."""
    return PRICING_FIRST(line=line, product=product, lifecycle=lifecycle, state=LIFECYCLE_NAMES[lifecycle])


@dataclass(frozen=True, slots=True)
class Point:
    """One thing a reviewer looks at (4-3)."""

    slug: str
    text: Text

    def content(self) -> dict[str, object]:
        """The point as it is stored: both languages, as it was read when it was signed."""
        return {"point": self.slug, "text": {"zh-CN": self.text.zh, "en": self.text.en}}


QUANTITY = Point("quantity", Text("订货量", "the quantity ordered"))
CUSTOMER = Point("customer", Text("客户", "the customer"))
PRICE = Point("price", Text("订货价格及定价权限", "the price, and whose authority covers it"))
SUPPLY = Point("supply", Text("常规产品的可供货能力", "whether the regular goods can be supplied"))
TERMS = Point("terms", Text("付款条件", "the payment terms"))
TOTAL = Point("total", Text("超出销售部审批范围的部分", "what goes beyond the sales department's authority"))
