"""What can go wrong with an adjustment."""

from fangxing.errors import ErrorType, Kind

ITEM_NOT_FOUND = ErrorType(
    "item-not-found", Kind.NOT_FOUND, "没有未清项 {item}", "There is no open item {item}", field="item_id"
)
WRONG_SIDE = ErrorType(
    "wrong-side",
    Kind.INVALID,
    "退款只能对客户的贷方余额，核销坏账只能对客户的欠款",
    "A refund gives a credit back, a write-off gives a debt up",
    field="item_id",
)
NOT_OPEN_TO_ADJUST = ErrorType(
    "not-open-to-adjust",
    Kind.CONFLICT,
    "该项只有 {open} 元未清",
    "Only {open} yuan of the item are open",
    field="amount",
)
PREPAYMENT_BEHIND_GOODS = ErrorType(
    "prepayment-behind-goods",
    Kind.CONFLICT,
    "预收款已用于放行的货物，只有 {free} 元可以退",
    "The prepayments stand behind goods that were released: only {free} yuan can be given back",
    clause="5-4.2.2-B",
    field="amount",
)
MORE_THAN_ROUNDING = ErrorType(
    "more-than-rounding",
    Kind.INVALID,
    "尾差最多 {most} 元",
    "A rounding difference is at most {most} yuan",
    field="amount",
)
