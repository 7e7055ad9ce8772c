"""A breach, its states and its actions, as people say them."""

from fangxing.breaches.rules import BreachAction, BreachStatus
from fangxing.moves import Words
from fangxing.text import Text

WORDS = Words(
    Text("违规", "breach"),
    {
        BreachStatus.OPEN: Text("待处理", "to be decided"),
        BreachStatus.SERIOUS: Text("后果严重，报公司处理", "serious, with the company"),
        BreachStatus.FINED: Text("已罚款", "fined"),
        BreachStatus.CONFIRMED: Text("已认定，不罚款", "confirmed without a fine"),
        BreachStatus.WAIVED: Text("已免罚", "waived"),
        BreachStatus.APPEALED: Text("申诉中", "appealed against"),
        BreachStatus.UPHELD: Text("申诉后维持", "upheld after appeal"),
        BreachStatus.LIFTED: Text("申诉后撤销", "lifted after appeal"),
        BreachStatus.WITHDRAWN: Text("已撤回", "withdrawn"),
    },
    {
        BreachAction.OPEN: Text("登记", "open"),
        BreachAction.PASS_ON: Text("报公司处理", "pass on to the company"),
        BreachAction.DECIDE: Text("处理", "decide"),
        BreachAction.APPEAL: Text("申诉", "appeal"),
        BreachAction.JUDGE: Text("处理申诉", "judge the appeal"),
        BreachAction.WITHDRAW: Text("撤回", "withdraw"),
    },
)
