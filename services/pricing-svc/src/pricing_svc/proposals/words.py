"""The documents of this feature, their states and their actions, as people say them."""

from fangxing.moves import Words
from fangxing.text import Text
from pricing_svc.proposals.rules import ProposalAction, ProposalStatus

WORDS = Words(
    Text("定价申请", "price proposal"),
    {
        ProposalStatus.OPINIONS: Text("征求意见", "waiting for opinions"),
        ProposalStatus.DRAFT: Text("待拟定", "to be drafted"),
        ProposalStatus.IN_APPROVAL: Text("审批中", "in approval"),
        ProposalStatus.APPROVED: Text("已批准", "approved"),
        ProposalStatus.REJECTED: Text("未获批准", "rejected"),
        ProposalStatus.RETURNED: Text("已退回", "returned"),
        ProposalStatus.WITHDRAWN: Text("已撤回", "withdrawn"),
    },
    {
        ProposalAction.PROPOSE: Text("提出", "propose"),
        ProposalAction.SIGN_OPINION: Text("签署意见", "sign an opinion"),
        ProposalAction.SUBMIT: Text("提交", "submit"),
        ProposalAction.DECIDE: Text("审批", "decide"),
        ProposalAction.WITHDRAW: Text("撤回", "withdraw"),
    },
)
