"""What can go wrong with orders."""

from fangxing.errors import ErrorType, Kind

LINE_UNKNOWN = ErrorType(
    "contract-line-unknown",
    Kind.INVALID,
    "合同 {contract} 没有明细行 {line}",
    "Contract {contract} has no line {line}",
    field="lines",
)
LINE_TWICE = ErrorType(
    "contract-line-twice",
    Kind.INVALID,
    "明细行 {line} 重复，请合并数量",
    "The line {line} is named twice; put the tons together",
    field="lines",
)
