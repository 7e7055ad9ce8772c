"""What can go wrong with contracts."""

from fangxing.errors import ErrorType, Kind

CONTRACT_NOT_FOUND = ErrorType(
    "contract-not-found", Kind.NOT_FOUND, "没有合同 {contract}", "There is no contract {contract}"
)
NUMBER_TAKEN = ErrorType(
    "contract-number-taken",
    Kind.CONFLICT,
    "合同编号 {number} 已被使用",
    "The contract number {number} is taken",
    field="number",
)
NOT_A_DRAFT = ErrorType(
    "contract-not-draft",
    Kind.CONFLICT,
    "合同状态为{status}，只有草案可以提交；被退回或否决的请先修改",
    "The contract is {status}; only a draft is submitted: revise what was returned or rejected first",
    clause="4-4.3",
)
NOT_REVISABLE = ErrorType(
    "contract-not-revisable",
    Kind.CONFLICT,
    "合同状态为{status}，不能修改",
    "The contract is {status} and cannot be revised",
    clause="4-4.3",
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
