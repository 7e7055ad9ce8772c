"""What people are told of returns: why tons are refused, results, the tasks of the next step."""

from fangxing.labels import Unit, labels
from fangxing.text import Text
from fangxing.verdicts import ReasonType

LABELS = labels(
    line_approved=("第 {line} 行批准吨数", "approved of line {line}", Unit.TONS),
    line_received=("第 {line} 行收货吨数", "received of line {line}", Unit.TONS),
    line_accepted=("第 {line} 行接收吨数", "accepted of line {line}", Unit.TONS),
)

BEYOND_SHIPPED = ReasonType(
    "return-beyond-shipped",
    "6-3",
    Text(
        "送货单 {note} 第 {line} 行发货 {shipped} 吨，已在退 {claimed} 吨，不能再退 {tons} 吨",
        "Line {line} of delivery note {note} shipped {shipped} t, {claimed} t are under return: not {tons} t more",
    ),
    Text("该行最多再退 {remaining} 吨", "At most {remaining} t more of that line"),
)
BEYOND_APPROVED = ReasonType(
    "received-beyond-approved",
    "6-3",
    Text(
        "第 {line} 行批准退货 {approved} 吨，不能收 {received} 吨",
        "{approved} t of line {line} are approved for return, {received} t cannot be received",
    ),
    Text(
        "按批准的吨数收货，多出的部分先报批",
        "Receive what is approved; the rest needs an approved return of its own first",
    ),
)
BEYOND_RECEIVED = ReasonType(
    "accepted-beyond-received",
    "6-3",
    Text(
        "第 {line} 行收到 {received} 吨，不能验收 {accepted} 吨",
        "{received} t of line {line} were received, {accepted} t cannot be accepted",
    ),
    Text("最多验收 {received} 吨", "Accept at most {received} t"),
)

LINE_TWICE = Text("同一行只能出现一次", "each line once")


RESULT_NAMES = {
    "accepted": Text("全部接收", "accepted"),
    "partly": Text("部分接收", "partly accepted"),
    "rejected": Text("全部拒收", "rejected"),
}
"""The results of an inspection as people say them."""


def to_receive(number: str) -> Text:
    """The keeper's task."""
    return Text(f"收退货 {number}", f"Receive the return {number}")


def to_inspect(number: str) -> Text:
    """Quality's task."""
    return Text(f"检验退货 {number}", f"Inspect the return {number}")
