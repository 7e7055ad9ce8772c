"""What can be wrong with a number typed at the gate."""

from fangxing.errors import ErrorType, Kind

PASS_NOT_FOUND = ErrorType(
    "no-such-pass",
    Kind.NOT_FOUND,
    "没有出门证 {number}，请核对编号",
    "There is no exit pass {number}; check the number",
    clause="5-4.2.1-F",
)
NUMBER_MISTYPED = ErrorType(
    "exit-pass-mistyped",
    Kind.INVALID,
    "编号 {number} 的校验位不对，请再输一次",
    "The check digit of {number} is wrong; type it again",
    clause="5-4.2.1-F",
    field="short_number",
)
