"""The documents of this feature, their states and their actions, as people say them."""

from contract_svc.contracts.rules import ContractAction, ContractStatus
from fangxing.moves import Words
from fangxing.text import Text

WORDS = Words(
    Text("合同", "contract"),
    {
        ContractStatus.DRAFT: Text("草案", "a draft"),
        ContractStatus.IN_APPROVAL: Text("审批中", "in approval"),
        ContractStatus.APPROVED: Text("已批准", "approved"),
        ContractStatus.REJECTED: Text("已否决", "rejected"),
        ContractStatus.RETURNED: Text("已退回", "returned"),
    },
    {
        ContractAction.DRAFT: Text("起草", "draft"),
        ContractAction.REVISE: Text("修改", "revise"),
        ContractAction.SUBMIT: Text("提交", "submit"),
        ContractAction.DECIDE: Text("审批", "decide"),
    },
)
