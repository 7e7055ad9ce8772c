"""The documents of this feature, their states and their actions, as people say them."""

from complaint_svc.deciding.rules import HandlingAction, HandlingStatus
from fangxing.moves import Words
from fangxing.text import Text

WORDS = Words(
    Text("处理意见", "handling"),
    {
        HandlingStatus.IN_APPROVAL: Text("审批中", "in approval"),
        HandlingStatus.APPROVED: Text("已批准", "approved"),
        HandlingStatus.REJECTED: Text("未获批准", "rejected"),
        HandlingStatus.RETURNED: Text("已退回", "returned"),
    },
    {
        HandlingAction.SIGN: Text("签署", "sign"),
        HandlingAction.DECIDE: Text("审批", "decide"),
    },
)
