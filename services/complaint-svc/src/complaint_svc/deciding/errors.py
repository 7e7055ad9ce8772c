"""What can go wrong in signing and closing."""

from fangxing.errors import ErrorType, Kind

ANALYSIS_MISSING = ErrorType(
    "quality-analysis-missing",
    Kind.INVALID,
    "质量问题须写明主、次原因及改善对策",
    "A quality problem needs main and secondary causes and the improvement",
    clause="6-5.2.2",
)
TOLD_IN_FUTURE = ErrorType(
    "told-in-future",
    Kind.INVALID,
    "告知客户的日期不能晚于今天",
    "The customer cannot have been told on a day to come",
    clause="6-5.3",
    field="told_customer_on",
)
