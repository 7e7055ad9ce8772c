"""What can go wrong with a credit account and its open items."""

from fangxing.errors import ErrorType, Kind

ACCOUNT_NOT_FOUND = ErrorType(
    "credit-account-not-found", Kind.NOT_FOUND, "没有信用账户 {account}", "There is no credit account {account}"
)
ALLOCATION_DOES_NOT_FIT = ErrorType(
    "allocation-does-not-fit",
    Kind.INVALID,
    "核销不符：{what}（发票不存在、重复、超过未付金额，或合计超过来款）",
    "An allocation does not fit: {what} (no such invoice, twice, above what is open, or above the payment in total)",
    field="allocations",
)
