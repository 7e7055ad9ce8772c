"""The documents of this feature, their states and their actions, as people say them."""

from fangxing.moves import Words
from fangxing.text import Text
from pricing_svc.authority.rules import AuthorityAction, AuthorityStatus

WORDS = Words(
    Text("价格权限管理表", "price authority table"),
    {
        AuthorityStatus.IN_APPROVAL: Text("审批中", "in approval"),
        AuthorityStatus.APPROVED: Text("已批准", "approved"),
        AuthorityStatus.REJECTED: Text("未获批准", "rejected"),
        AuthorityStatus.RETURNED: Text("已退回", "returned"),
        AuthorityStatus.WITHDRAWN: Text("已撤回", "withdrawn"),
    },
    {
        AuthorityAction.DRAFT: Text("拟定", "draft"),
        AuthorityAction.REVISE: Text("修改后重新提交", "revise and submit again"),
        AuthorityAction.DECIDE: Text("审批", "decide"),
        AuthorityAction.WITHDRAW: Text("撤回", "withdraw"),
    },
)
