"""What people are told of the register: the tasks that ask for the next step."""

from fangxing.text import Text


def to_route(number: str) -> Text:
    """The rep's task of sorting a complaint."""
    return Text(f"整理投诉 {number}，确认责任方", f"Sort complaint {number}: who is responsible")


def to_handle(number: str) -> Text:
    """The responsible party's task."""
    return Text(f"投诉 {number}：调查原因并签署处理意见", f"Complaint {number}: find the cause and sign the handling")
