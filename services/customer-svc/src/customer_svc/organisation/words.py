"""The documents of this feature, their states and their actions, as people say them."""

from customer_svc.organisation.rules import DelegationAction, DelegationStatus, StaffAction, StaffStatus
from fangxing.moves import Words
from fangxing.text import Text

STAFF_WORDS = Words(
    Text("员工档案", "staff record"),
    {StaffStatus.ACTIVE: Text("在职", "active"), StaffStatus.OFF: Text("已停用", "switched off")},
    {
        StaffAction.ENTER: Text("建档", "enter"),
        StaffAction.CHANGE: Text("修改", "change"),
        StaffAction.SWITCH_OFF: Text("停用", "switch off"),
        StaffAction.SWITCH_ON: Text("恢复", "switch on"),
    },
)
DELEGATION_WORDS = Words(
    Text("代理授权", "delegation"),
    {
        DelegationStatus.PROPOSED: Text("待确认", "proposed"),
        DelegationStatus.IN_FORCE: Text("已生效", "in force"),
        DelegationStatus.REFUSED: Text("未获确认", "refused"),
        DelegationStatus.WITHDRAWN: Text("已收回", "withdrawn"),
        DelegationStatus.LAPSED: Text("已到期", "lapsed"),
    },
    {
        DelegationAction.LEND: Text("委托", "lend"),
        DelegationAction.PROPOSE: Text("提出", "propose"),
        DelegationAction.CONFIRM: Text("确认", "confirm"),
        DelegationAction.REFUSE: Text("不予确认", "refuse"),
        DelegationAction.WITHDRAW: Text("收回", "withdraw"),
        DelegationAction.LAPSE: Text("到期", "lapse"),
    },
)
