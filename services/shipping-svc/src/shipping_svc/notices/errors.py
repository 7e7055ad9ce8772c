"""What can be wrong with a request about a notice."""

from fangxing.errors import ErrorType, Kind

OWN_PREPAYMENT = ErrorType(
    "own-prepayment",
    Kind.FORBIDDEN,
    "不能审核用自己登记的预收款支付的发货通知单",
    "Nobody reviews a notice against prepayments of which he entered a receipt himself",
    clause="1-3",
)
ORDER_NOT_FOUND = ErrorType(
    "order-not-found", Kind.NOT_FOUND, "没有订单 {order}", "There is no order {order}", field="order_id"
)
ORDER_LINE_NOT_FOUND = ErrorType(
    "order-line-not-found",
    Kind.INVALID,
    "订单没有这一行 {line}，或同一行写了两次",
    "The order has no line {line}, or it is given twice",
    field="lines",
)
ORDER_LINE_EXCEEDED = ErrorType(
    "order-line-exceeded",
    Kind.CONFLICT,
    "订单行只剩 {left} 吨未通知发货",
    "Only {left} t of the order line are not on a notice yet",
    clause="4-orders",
    field="lines",
)
