"""What people are told about contracts."""

from contract_svc.contracts.rules import Status
from fangxing.text import Text

STATUS_NAMES = {
    Status.DRAFT: Text("草案", "a draft"),
    Status.IN_APPROVAL: Text("审批中", "in approval"),
    Status.APPROVED: Text("已批准", "approved"),
    Status.REJECTED: Text("已否决", "rejected"),
    Status.RETURNED: Text("已退回", "returned"),
}

TO_SIGN = Text("销售合同 {number}：{customer}，{total} 元", "Contract {number}: {customer}, {total} yuan")
DAYS_GO_WITH_CREDIT = Text("赊销须有天数，其他结算方式为 0 天", "days go with credit, and with credit alone")
