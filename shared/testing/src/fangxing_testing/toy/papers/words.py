"""The documents of this feature, their states and their actions, as people say them."""

from fangxing.moves import Words
from fangxing.text import Text
from fangxing_testing.toy.papers.rules import Action, Status

WORDS = Words(
    Text("文件", "paper"),
    {
        Status.IN_APPROVAL: Text("审批中", "in approval"),
        Status.APPROVED: Text("已批准", "approved"),
        Status.RETURNED: Text("已退回", "returned"),
        Status.REJECTED: Text("未批准", "rejected"),
        Status.WITHDRAWN: Text("已撤回", "withdrawn"),
        Status.FILED_AWAY: Text("已归档", "filed away"),
    },
    {
        Action.FILE: Text("提交", "file"),
        Action.REVISE: Text("修改", "revise"),
        Action.DECIDE: Text("审批", "decide"),
        Action.WITHDRAW: Text("撤回", "withdraw"),
        Action.FILE_AWAY: Text("归档", "file away"),
    },
)
