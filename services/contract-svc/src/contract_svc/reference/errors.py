"""What can go wrong with the reference data."""

from fangxing.errors import ErrorType, Kind

CUSTOMER_NOT_FOUND = ErrorType(
    "customer-not-found", Kind.NOT_FOUND, "没有客户 {customer}", "There is no customer {customer}"
)
