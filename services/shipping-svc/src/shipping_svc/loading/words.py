"""The documents of this feature, their states and their actions, as people say them."""

from fangxing.moves import Words
from fangxing.text import Text
from shipping_svc.loading.rules import BlockAction, BlockStatus, LoadingAction, LoadingStatus

LOADING_WORDS = Words(
    Text("装车单", "loading"),
    {
        LoadingStatus.OPEN: Text("装车中", "under way"),
        LoadingStatus.SIGNED: Text("已签字", "signed"),
        LoadingStatus.STOPPED: Text("已停止", "stopped"),
    },
    {
        LoadingAction.START: Text("开始装车", "start"),
        LoadingAction.RESUME: Text("继续装车", "go on"),
        LoadingAction.SIGN: Text("签字", "sign"),
        LoadingAction.SEND_AWAY: Text("车辆放空", "send the truck away"),
    },
)

BLOCK_WORDS = Words(
    Text("批号冻结", "blocked lot"),
    {BlockStatus.BLOCKED: Text("冻结中", "blocked"), BlockStatus.LIFTED: Text("已解除", "lifted")},
    {BlockAction.BLOCK: Text("冻结", "block"), BlockAction.LIFT: Text("解除", "lift")},
)
