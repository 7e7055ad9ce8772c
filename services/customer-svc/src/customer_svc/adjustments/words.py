"""The adjustments, their states and their actions, as people say them."""

from customer_svc.adjustments.rules import AdjustmentAction, AdjustmentStatus
from fangxing.moves import Words
from fangxing.text import Text

WORDS = Words(
    Text("往来调整单", "adjustment"),
    {
        AdjustmentStatus.IN_APPROVAL: Text("审批中", "in approval"),
        AdjustmentStatus.REJECTED: Text("未批准", "rejected"),
        AdjustmentStatus.RETURNED: Text("已退回", "returned"),
        AdjustmentStatus.DONE: Text("已完成", "done"),
        AdjustmentStatus.CANCELLED: Text("已撤销", "cancelled"),
    },
    {
        AdjustmentAction.FILE: Text("提出", "file"),
        AdjustmentAction.DECIDE: Text("审批", "decide"),
        AdjustmentAction.CANCEL: Text("撤销", "cancel"),
    },
)
