"""The documents of this feature, their states and their actions, as people say them."""

from fangxing.moves import Words
from fangxing.text import Text
from shipping_svc.notices.rules import NoticeAction, NoticeStatus

WORDS = Words(
    Text("发货通知单", "notice"),
    {
        NoticeStatus.REFUSED: Text("已拒绝", "refused"),
        NoticeStatus.FINANCE_REVIEW: Text("待财务审核", "waiting for finance"),
        NoticeStatus.REASON_NEEDED: Text("待填逾期原因", "waiting for the overdue reason"),
        NoticeStatus.IN_APPROVAL: Text("审批中", "being decided"),
        NoticeStatus.REJECTED: Text("未批准", "not approved"),
        NoticeStatus.RETURNED: Text("已退回", "returned"),
        NoticeStatus.RELEASED: Text("已放行", "released"),
        NoticeStatus.SHIPPED: Text("已发货", "shipped"),
        NoticeStatus.CANCELLED: Text("已取消", "cancelled"),
    },
    {
        NoticeAction.FILE: Text("开单", "file"),
        NoticeAction.REVIEW: Text("财务审核", "review"),
        NoticeAction.GIVE_REASON: Text("填写逾期原因", "give the overdue reason"),
        NoticeAction.DECIDE: Text("审批", "decide"),
        NoticeAction.ANNOUNCE: Text("开运输通知单", "announce a truck"),
        NoticeAction.LOAD: Text("开始装车", "load a truck"),
        NoticeAction.SHIP: Text("签字发货", "sign for a truck"),
        NoticeAction.CLOSE: Text("关闭", "close"),
        NoticeAction.CANCEL: Text("取消", "cancel"),
    },
)
