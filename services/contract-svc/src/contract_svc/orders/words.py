"""The documents of this feature, their states and their actions, as people say them."""

from contract_svc.orders.rules import OrderAction, OrderStatus
from fangxing.moves import Words
from fangxing.text import Text

WORDS = Words(
    Text("订单", "order"),
    {OrderStatus.CONFIRMED: Text("已确认", "confirmed")},
    {OrderAction.CALL_OFF: Text("下单", "call off")},
)
