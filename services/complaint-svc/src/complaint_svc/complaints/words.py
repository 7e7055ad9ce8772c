"""The documents of this feature, their states and their actions, as people say them."""

from complaint_svc.complaints.rules import ComplaintAction, ComplaintStatus
from fangxing.moves import Words
from fangxing.text import Text

WORDS = Words(
    Text("投诉", "complaint"),
    {
        ComplaintStatus.REGISTERED: Text("已登记", "registered"),
        ComplaintStatus.ROUTED: Text("已分派", "routed"),
        ComplaintStatus.IN_APPROVAL: Text("审批中", "in approval"),
        ComplaintStatus.APPROVED: Text("已批准", "approved"),
        ComplaintStatus.CLOSED: Text("已结案", "closed"),
    },
    {
        ComplaintAction.REGISTER: Text("登记", "register"),
        ComplaintAction.ROUTE: Text("分派", "route"),
        ComplaintAction.SIGN: Text("签署处理意见", "sign the handling"),
        ComplaintAction.DECIDE: Text("审批处理意见", "decide the handling"),
        ComplaintAction.CLOSE: Text("结案", "close"),
    },
)
