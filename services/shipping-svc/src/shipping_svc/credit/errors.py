"""What can be wrong with a request about credit."""

from fangxing.errors import ErrorType, Kind

ACCOUNT_NOT_FOUND = ErrorType(
    "credit-account-not-found", Kind.NOT_FOUND, "没有信用账户 {account}", "There is no credit account {account}"
)
CUSTOMER_NOT_FOUND = ErrorType(
    "customer-not-found", Kind.NOT_FOUND, "没有客户 {customer}", "There is no customer {customer}", field="customer_id"
)
VALID_UNTIL_PAST = ErrorType(
    "valid-until-past",
    Kind.INVALID,
    "有效期 {valid_until} 已过",
    "{valid_until} is past: the exception would never be in force",
    clause="2-5.3.2",
    field="valid_until",
)
