"""What people are told about proposals: titles of cases and tasks."""

from fangxing.text import Text
from pricing_svc.products.rules import Flow

DRAFT_PRICE = Text(
    "意见已齐，请拟定新产品价格并提交", "The opinions are complete: draft the new product's price and submit it"
)


def opinion_wanted(product: str) -> Text:
    """The title of the task to give an opinion on the price of the new `product`."""
    return Text(f"新产品定价意见及成本：{product}", f"Opinion and cost for a new product's price: {product}")


def case_title(flow: Flow, product: str) -> Text:
    """The title of the case on the price of `product`."""
    if flow is Flow.NEW_PRODUCT:
        return Text(f"新产品定价：{product}", f"New product price: {product}")
    return Text(f"基准价格调整：{product}", f"Base price change: {product}")
