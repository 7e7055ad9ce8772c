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
APPLICATION_NOT_FOUND = ErrorType(
    "application-not-found",
    Kind.NOT_FOUND,
    "没有信用额度申请 {application}",
    "There is no credit application {application}",
)
NOT_TO_ENTER = ErrorType(
    "not-to-enter",
    Kind.CONFLICT,
    "该申请未获批准或已录入，不能录入总表",
    "Not approved, or already entered: there is nothing to enter in the master",
    clause="2-5.4.4",
)
APPLICATION_LAPSED = ErrorType(
    "application-lapsed",
    Kind.CONFLICT,
    "申请提交后等级已自动下降，该申请作废；付清欠款不会自动恢复等级，请重新申请",
    "The grade fell after this was applied for and the application lapsed; being paid up again restores no grade: "
    "file a new one",
    clause="2-5.3.1-C",
)
