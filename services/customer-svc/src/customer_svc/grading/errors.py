"""What can go wrong with a credit application."""

from fangxing.errors import ErrorType, Kind

LIMIT_DOES_NOT_FIT = ErrorType(
    "limit-does-not-fit-grade",
    Kind.INVALID,
    "B 级须有大于 0 的额度，其他等级不设额度",
    "Grade B needs a limit greater than 0; the other grades have none of their own",
    clause="2-5.3.1-B",
    field="limit",
)
APPLICATION_PENDING = ErrorType(
    "application-pending", Kind.CONFLICT, "该客户已有申请在办", "An application for this customer is already under way"
)
NOT_TO_ENTER = ErrorType(
    "not-to-enter",
    Kind.CONFLICT,
    "该申请已于 {day} 录入总表",
    "Entered in the master on {day} already",
    clause="2-5.4.4",
)
