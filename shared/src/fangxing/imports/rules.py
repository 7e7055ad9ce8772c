"""The states of an import and what moves it."""

from enum import StrEnum

from fangxing.moves import AUTHOR, NEW, ROUTE, WORKER, Move, Moves, Words
from fangxing.roles import Role
from fangxing.text import Text


class ImportStatus(StrEnum):
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


MOVES: Moves[Action, ImportStatus] = {
    Action.UPLOAD: Move(NEW, {ImportStatus.UPLOADED}, AUTHOR),
    Action.CHECK: Move(
        {ImportStatus.UPLOADED}, {ImportStatus.CHECKED, ImportStatus.REFUSED, ImportStatus.FAILED}, WORKER
    ),
    Action.SUBMIT: Move({ImportStatus.CHECKED}, {ImportStatus.IN_APPROVAL, ImportStatus.STORING}, AUTHOR),
    Action.DECIDE: Move(
        {ImportStatus.IN_APPROVAL},
        {ImportStatus.IN_APPROVAL, ImportStatus.STORING, ImportStatus.CHECKED, ImportStatus.REJECTED},
        ROUTE,
        deciders=frozenset(Role),
    ),
    Action.STORE: Move({ImportStatus.STORING}, {ImportStatus.DONE, ImportStatus.REFUSED, ImportStatus.FAILED}, WORKER),
    Action.CHECK_AGAIN: Move({ImportStatus.REFUSED, ImportStatus.FAILED}, {ImportStatus.UPLOADED}, AUTHOR),
    Action.WITHDRAW: Move(
        {
            ImportStatus.UPLOADED,
            ImportStatus.CHECKED,
            ImportStatus.IN_APPROVAL,
            ImportStatus.REFUSED,
            ImportStatus.FAILED,
        },
        {ImportStatus.WITHDRAWN},
        AUTHOR,
    ),
}
FINAL = frozenset({ImportStatus.DONE, ImportStatus.REJECTED, ImportStatus.WITHDRAWN})
FORGOTTEN = (ImportStatus.REJECTED, ImportStatus.WITHDRAWN)
"""The states of an import whose file may be sent anew; in any other the same file is the same import."""
OF_WORKER = {ImportStatus.UPLOADED: Action.CHECK, ImportStatus.STORING: Action.STORE}
"""What the worker does with an import, by its state."""

WORDS = Words(
    Text("导入", "import"),
    {
        ImportStatus.UPLOADED: Text("待检查", "waiting to be checked"),
        ImportStatus.CHECKED: Text("检查无误，待提交", "checked, to be submitted"),
        ImportStatus.IN_APPROVAL: Text("待第二人确认", "waiting for the second person"),
        ImportStatus.STORING: Text("入库中", "being stored"),
        ImportStatus.DONE: Text("已入库", "stored"),
        ImportStatus.REFUSED: Text("有错误", "has errors"),
        ImportStatus.FAILED: Text("处理失败", "failed"),
        ImportStatus.REJECTED: Text("未获确认", "not confirmed"),
        ImportStatus.WITHDRAWN: Text("已撤回", "withdrawn"),
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
