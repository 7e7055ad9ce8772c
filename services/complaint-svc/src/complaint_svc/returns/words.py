"""The documents of this feature, their states and their actions, as people say them."""

from complaint_svc.returns.rules import ReturnAction, ReturnStatus
from fangxing.moves import Words
from fangxing.text import Text

WORDS = Words(
    Text("退货单", "return"),
    {
        ReturnStatus.PROPOSED: Text("待批准", "proposed"),
        ReturnStatus.REFUSED: Text("未获批准", "refused"),
        ReturnStatus.APPROVED: Text("待收货", "approved"),
        ReturnStatus.CANCELLED: Text("已取消", "cancelled"),
        ReturnStatus.RECEIVED: Text("已收货，待检验", "received"),
        ReturnStatus.INSPECTED: Text("已检验", "inspected"),
    },
    {
        ReturnAction.PROPOSE: Text("提出", "propose"),
        ReturnAction.APPROVE: Text("批准", "approve"),
        ReturnAction.REFUSE: Text("不予批准", "refuse"),
        ReturnAction.RECEIVE: Text("收货", "receive"),
        ReturnAction.INSPECT: Text("检验", "inspect"),
        ReturnAction.CANCEL: Text("取消", "cancel"),
    },
)
