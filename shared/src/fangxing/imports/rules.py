"""The states of an import and what moves it."""

from enum import StrEnum

from fangxing.moves import AUTHOR, NEW, ROUTE, WORKER, Move, Moves, Words
from fangxing.roles import Role
from fangxing.text import Text


class Status(StrEnum):
    """The state of an import."""

    UPLOADED = "uploaded"
    CHECKED = "checked"
    IN_APPROVAL = "in_approval"
    STORING = "storing"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Action(StrEnum):
    """What can be done with an import."""

    UPLOAD = "upload"
    CHECK = "check"
    SUBMIT = "submit"
    DECIDE = "decide"
    STORE = "store"
    CHECK_AGAIN = "check_again"
    WITHDRAW = "withdraw"


MOVES: Moves[Action, Status] = {
    Action.UPLOAD: Move(NEW, {Status.UPLOADED}, AUTHOR),
    Action.CHECK: Move({Status.UPLOADED}, {Status.CHECKED, Status.REFUSED, Status.FAILED}, WORKER),
    Action.SUBMIT: Move({Status.CHECKED}, {Status.IN_APPROVAL, Status.STORING}, AUTHOR),
    Action.DECIDE: Move(
        {Status.IN_APPROVAL},
        {Status.IN_APPROVAL, Status.STORING, Status.CHECKED, Status.REJECTED},
        ROUTE,
        deciders=frozenset(Role),
    ),
    Action.STORE: Move({Status.STORING}, {Status.DONE, Status.REFUSED, Status.FAILED}, WORKER),
    Action.CHECK_AGAIN: Move({Status.REFUSED, Status.FAILED}, {Status.UPLOADED}, AUTHOR),
    Action.WITHDRAW: Move(
        {Status.UPLOADED, Status.CHECKED, Status.IN_APPROVAL, Status.REFUSED, Status.FAILED},
        {Status.WITHDRAWN},
        AUTHOR,
    ),
}
FINAL = frozenset({Status.DONE, Status.REJECTED, Status.WITHDRAWN})
FORGOTTEN = (Status.REJECTED, Status.WITHDRAWN)
"""The states of an import whose file may be sent anew; in any other the same file is the same import."""
OF_WORKER = {Status.UPLOADED: Action.CHECK, Status.STORING: Action.STORE}
"""What the worker does with an import, by its state."""

WORDS = Words(
    Text("导入", "import"),
    {
        Status.UPLOADED: Text("待检查", "waiting to be checked"),
        Status.CHECKED: Text("检查无误，待提交", "checked, to be submitted"),
        Status.IN_APPROVAL: Text("待第二人确认", "waiting for the second person"),
        Status.STORING: Text("入库中", "being stored"),
        Status.DONE: Text("已入库", "stored"),
        Status.REFUSED: Text("有错误", "has errors"),
        Status.FAILED: Text("处理失败", "failed"),
        Status.REJECTED: Text("未获确认", "not confirmed"),
        Status.WITHDRAWN: Text("已撤回", "withdrawn"),
    },
    {
        Action.UPLOAD: Text("上传", "upload"),
        Action.CHECK: Text("检查", "check"),
        Action.SUBMIT: Text("提交", "submit"),
        Action.DECIDE: Text("确认", "confirm"),
        Action.STORE: Text("入库", "store"),
        Action.CHECK_AGAIN: Text("重新检查", "check again"),
        Action.WITHDRAW: Text("撤回", "withdraw"),
    },
)
