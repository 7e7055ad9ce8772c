"""The documents of this feature, their states and their actions, as people say them."""

from customer_svc.grading.rules import ApplicationAction, ApplicationStatus
from fangxing.moves import Words
from fangxing.text import Text

WORDS = Words(
    Text("信用额度申请", "credit application"),
    {
        ApplicationStatus.IN_APPROVAL: Text("审批中", "in approval"),
        ApplicationStatus.REJECTED: Text("未批准", "rejected"),
        ApplicationStatus.RETURNED: Text("已退回", "returned"),
        ApplicationStatus.APPROVED: Text("已批准待录入", "approved, to be entered"),
        ApplicationStatus.IN_FORCE: Text("已生效", "in force"),
        ApplicationStatus.LAPSED: Text("已作废（等级已自动下降）", "lapsed, as the grade fell"),
    },
    {
        ApplicationAction.APPLY: Text("申请", "apply"),
        ApplicationAction.DECIDE: Text("审批", "decide"),
        ApplicationAction.ENTER: Text("录入总表", "enter in the master"),
        ApplicationAction.LAPSE: Text("作废", "lapse"),
    },
)
