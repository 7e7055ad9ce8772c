"""What people are told about contracts."""

from fangxing.labels import Unit, labels
from fangxing.text import Text

LABELS = labels(
    contract_version=("合同版本", "version of the contract"),
    today=("当天", "today"),
    total=("合同总价", "total of the contract", Unit.YUAN),
    term=("长期或短期", "long or short"),
    irregular=("非常规合同", "irregular contract"),
    terms=("合同结算方式", "payment terms of the contract"),
    settlement_terms=("客户结算方式", "settlement terms of the customer"),
    credit_position=("信用头寸版本", "version of the credit position"),
    grade=("客户等级", "grade"),
    grade_today=("当天的客户等级", "grade of the day"),
    limit=("信用额度", "credit limit", Unit.YUAN),
    c_from=("自该日起至多 C 级", "at best grade C from"),
    d_from=("自该日起 D 级", "grade D from"),
    line_tons=("第 {line} 行吨数", "tons of line {line}", Unit.TONS),
    line_price=("第 {line} 行单价", "price of line {line}", Unit.YUAN_PER_TON),
    line_level=("第 {line} 行定价权限", "whose authority covers the price of line {line}"),
    line_lifecycle=("第 {line} 行产品状态", "lifecycle of the product of line {line}"),
    line_base_price=("第 {line} 行基准价", "base price of line {line}", Unit.YUAN_PER_TON),
    line_price_version=("第 {line} 行基准价版本", "version of the base price of line {line}"),
    line_authority_version=("第 {line} 行价格权限表版本", "version of the price authority of line {line}"),
)

DAYS_GO_WITH_CREDIT = Text("赊销须有天数，其他结算方式为 0 天", "days go with credit, and with credit alone")


def to_sign(number: str, customer: str) -> Text:
    """The task of whoever signs the contract numbered `number`; no amount in it, since not every decider sees any."""
    return Text(f"销售合同 {number}：{customer}", f"Contract {number}: {customer}")


def not_submitted(number: str, customer: str) -> Text:
    """The task of the author of a contract that was refused at submission."""
    return Text(
        f"合同 {number}（{customer}）未能提交：须先走新产品定价流程",
        f"Contract {number} ({customer}) was not submitted: new product pricing comes first",
    )
