"""What can go wrong with contracts."""

from fangxing.errors import ErrorType, Kind

NUMBER_TAKEN = ErrorType(
    "contract-number-taken",
    Kind.CONFLICT,
    "合同编号 {number} 已被使用",
    "The contract number {number} is taken",
    field="number",
)
DATES_REVERSED = ErrorType(
    "contract-dates-reversed",
    Kind.INVALID,
    "合同结束日期早于开始日期",
    "The contract ends before it starts",
    field="ends_on",
)
TOTAL_TOO_LARGE = ErrorType(
    "contract-total-too-large",
    Kind.INVALID,
    "合同总价不得达到 {bound} 元",
    "The contract's total must stay below {bound} yuan",
    field="lines",
)
