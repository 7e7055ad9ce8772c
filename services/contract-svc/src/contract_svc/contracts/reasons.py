"""What people are told about contracts."""

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

DAYS_GO_WITH_CREDIT = Text("赊销须有天数，其他结算方式为 0 天", "days go with credit, and with credit alone")


def to_sign(number: str, customer: str) -> Text:
    """The task of whoever signs the contract numbered `number`; no amount in it, since not every decider sees any."""
    return Text(f"销售合同 {number}：{customer}", f"Contract {number}: {customer}")


def not_submitted(number: str, customer: str) -> Text:
    """The task of the author of a contract that was refused at submission."""
    return Text(
        f"合同 {number}（{customer}）未能提交：须先走新产品定价流程",
        f"Contract {number} ({customer}) was not submitted: new product pricing comes first",
    )
