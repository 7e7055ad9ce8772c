"""What can go wrong with a customer's file."""

from fangxing.errors import ErrorType, Kind

CUSTOMER_NOT_FOUND = ErrorType(
    "customer-not-found", Kind.NOT_FOUND, "没有客户 {customer}", "There is no customer {customer}"
)
NUMBER_TAKEN = ErrorType(
    "customer-number-taken",
    Kind.CONFLICT,
    "客户编号 {number} 已被使用",
    "The customer number {number} is taken",
    field="number",
)
TERMS_DAYS = ErrorType(
    "terms-days",
    Kind.INVALID,
    "赊销须有天数，其他结算方式为 0 天",
    "Give the days with credit, and with credit alone",
    field="terms",
)
