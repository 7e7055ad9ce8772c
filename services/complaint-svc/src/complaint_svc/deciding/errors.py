"""What can go wrong in signing, deciding and closing."""

from fangxing.errors import ErrorType, Kind

NOT_TO_HANDLE = ErrorType(
    "not-to-handle",
    Kind.CONFLICT,
    "投诉 {number} {status}，不能签署处理意见：分派之后签署一次",
    "Complaint {number} is {status}: its handling is signed once, after it was routed",
    clause="6-5.2.1",
)
ANALYSIS_MISSING = ErrorType(
    "quality-analysis-missing",
    Kind.INVALID,
    "质量问题须写明主、次原因及改善对策",
    "A quality problem needs main and secondary causes and the improvement",
    clause="6-5.2.2",
)
ALREADY_CLOSED = ErrorType(
    "complaint-closed", Kind.CONFLICT, "该投诉已结案", "This complaint is closed already", clause="6-5.3"
)
TOLD_IN_FUTURE = ErrorType(
    "told-in-future",
    Kind.INVALID,
    "告知客户的日期不能晚于今天",
    "The customer cannot have been told on a day to come",
    clause="6-5.3",
    field="told_customer_on",
)
