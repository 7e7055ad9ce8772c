"""What people are told about proposals: their states and actions, and titles of cases and tasks."""

from decimal import Decimal

from fangxing.moves import Words
from fangxing.text import Text
from fangxing.verdicts import plain
from pricing_svc.products.rules import Flow
from pricing_svc.proposals.rules import ProposalAction, ProposalStatus

WORDS = Words(
    Text("定价申请", "price proposal"),
    {
        ProposalStatus.OPINIONS: Text("征求意见", "waiting for opinions"),
        ProposalStatus.DRAFT: Text("待拟定", "to be drafted"),
        ProposalStatus.IN_APPROVAL: Text("审批中", "in approval"),
        ProposalStatus.APPROVED: Text("已批准", "approved"),
        ProposalStatus.REJECTED: Text("未获批准", "rejected"),
        ProposalStatus.RETURNED: Text("已退回", "returned"),
        ProposalStatus.WITHDRAWN: Text("已撤回", "withdrawn"),
    },
    {
        ProposalAction.PROPOSE: Text("提出", "propose"),
        ProposalAction.SIGN_OPINION: Text("签署意见", "sign an opinion"),
        ProposalAction.SUBMIT: Text("提交", "submit"),
        ProposalAction.DECIDE: Text("审批", "decide"),
        ProposalAction.WITHDRAW: Text("撤回", "withdraw"),
    },
)

DRAFT_PRICE = Text(
    "意见已齐，请拟定新产品价格并提交", "The opinions are complete: draft the new product's price and submit it"
)


def opinion_wanted(product: str) -> Text:
    """The title of the task to give an opinion on the price of the new `product`."""
    return Text(f"新产品定价意见及成本：{product}", f"Opinion and cost for a new product's price: {product}")


def case_title(flow: Flow, product: str, price: Decimal) -> Text:
    """The title of the case on the `price` of `product`, in yuan per ton."""
    amount = plain(price)
    if flow is Flow.NEW_PRODUCT:
        return Text(f"新产品定价：{product}，{amount} 元/吨", f"New product price: {product}, {amount} yuan per ton")
    return Text(f"基准价格调整：{product}，{amount} 元/吨", f"Base price change: {product}, {amount} yuan per ton")
