"""The codes of notices and orders as people say them."""

from fangxing.text import Text

STATUSES = {
    "refused": Text("已拒绝", "refused"),
    "finance_review": Text("待财务审核", "waiting for finance"),
    "reason_needed": Text("待填逾期原因", "waiting for the overdue reason"),
    "approval": Text("审批中", "being decided"),
    "rejected": Text("未批准", "not approved"),
    "released": Text("已放行", "released"),
    "loading": Text("装车中", "being loaded"),
    "shipped": Text("已发货", "shipped"),
    "cancelled": Text("已取消", "cancelled"),
    "expired": Text("已失效", "expired"),
}
TERMS = {
    "credit": Text("赊销", "on credit"),
    "prepaid": Text("款到发货", "payment before shipping"),
    "cash_on_delivery": Text("货到收款", "cash on delivery"),
}
