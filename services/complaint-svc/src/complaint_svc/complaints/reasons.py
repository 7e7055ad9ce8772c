"""What people are told of the register: a complaint's states and actions, and the tasks that ask for the next step."""

from fangxing.moves import Words
from fangxing.text import Text

WORDS = Words(
    Text("投诉", "complaint"),
    {
        "registered": Text("已登记", "registered"),
        "routed": Text("已分派", "routed"),
        "in_approval": Text("审批中", "in approval"),
        "approved": Text("已批准", "approved"),
        "closed": Text("已结案", "closed"),
    },
    {
        "register": Text("登记", "register"),
        "route": Text("分派", "route"),
        "sign": Text("签署处理意见", "sign the handling"),
        "decide": Text("审批处理意见", "decide the handling"),
        "close": Text("结案", "close"),
    },
)


def to_route(number: str) -> Text:
    """The rep's task of sorting a complaint."""
    return Text(f"整理投诉 {number}，确认责任方", f"Sort complaint {number}: who is responsible")


def to_handle(number: str) -> Text:
    """The responsible party's task."""
    return Text(f"投诉 {number}：调查原因并签署处理意见", f"Complaint {number}: find the cause and sign the handling")
