"""What can go wrong with a return."""

from collections.abc import Iterable

from fangxing.errors import DomainError, ErrorType, Kind

LINE_UNKNOWN = ErrorType(
    "delivery-line-unknown",
    Kind.INVALID,
    "送货单 {note} 没有第 {line} 行",
    "Delivery note {note} has no line {line}",
    field="returns",
)
LINES_INCOMPLETE = ErrorType(
    "return-lines-incomplete",
    Kind.INVALID,
    "须逐行填写：退货单的行是 {lines}",
    "Name each line of the return once: they are {lines}",
    field="lines",
)
NOTHING_RECEIVED = ErrorType(
    "nothing-received",
    Kind.INVALID,
    "一点未收到的退货不是收货：退货不来了就取消",
    "Nothing received is no receipt; a return that will not come is cancelled",
    field="lines",
)
RESULT_MISMATCH = ErrorType(
    "result-mismatch",
    Kind.INVALID,
    "按吨数结论应为：{derived}",
    "By its tons the result is: {derived}",
    clause="6-3",
    field="result",
)


def lines_incomplete(lines: Iterable[int]) -> DomainError:
    """Not each of `lines` was named."""
    return LINES_INCOMPLETE(lines=", ".join(str(line) for line in lines))
