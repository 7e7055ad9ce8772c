"""The reasons the rules of chapter 4 give, each with its clause and, where it refuses, what would make it pass."""

from fangxing.text import Text
from fangxing.verdicts import ReasonType

# Price level per line (3-8.2-A)
WITHIN_AUTHORITY = ReasonType(
    "price-within-authority",
    "3-8.2-A",
    Text(
        "第 {line} 行单价 {price} 在 {role} 权限 {low} 至 {high} 之内（基准价 {base}）",
        "Line {line}: the price {price} is within the authority of the {role}, {low} to {high} (base price {base})",
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
        "客户没有信用额度（等级 {grade}），却要求 {days} 天账期",
        "The customer has no credit limit (grade {grade}) and asks for a term of {days} days",
    ),
)
TERMS_DIFFER = ReasonType(
    "terms-differ",
    "4-4.2.4",
    Text(
        "合同账期 {days} 天，与客户的结算方式（{settled_kind}，{settled_days} 天）不符",
        "The contract's term of {days} days differs from the customer's settlement terms"
        " ({settled_kind}, {settled_days} days)",
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
    Text("审批路线 {policy} 的“{band}”列有此角色", "The route policy {policy} lists this role for '{band}'"),
)

# Refusal at submission (4-4.2.2)
PRICING_FIRST = ReasonType(
    "new-product-pricing-first",
    "4-4.2.2",
    Text(
        "第 {line} 行的 {product} 为非常规产品（{lifecycle}），尚无基准价，须先走新产品定价流程",
        "Line {line}: {product} is irregular ({lifecycle}) and has no base price; it needs new product pricing first",
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
