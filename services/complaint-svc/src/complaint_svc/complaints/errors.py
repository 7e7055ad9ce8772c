"""What can go wrong in the register."""

from fangxing.errors import ErrorType, Kind

NOT_YOUR_CUSTOMER = ErrorType(
    "not-your-customer",
    Kind.FORBIDDEN,
    "此操作只限负责该客户的销售专员",
    "Only for the rep who looks after the customer",
    clause="6-5.1.2",
)
LOT_NOT_ON_NOTE = ErrorType(
    "lot-not-on-note",
    Kind.INVALID,
    "送货单 {note} 上没有批号 {lot}",
    "Lot {lot} is not on delivery note {note}",
    field="lot",
)
ANSWER_DATE_PAST = ErrorType(
    "answer-date-past",
    Kind.INVALID,
    "客户要求的答复日期不能早于今天",
    "The date the customer named for the answer cannot be before today",
    clause="6-5.2.3",
    field="answer_by",
)
NO_LOT_TO_BLOCK = ErrorType(
    "no-lot-to-block",
    Kind.INVALID,
    "只有写明批号并报品质部的投诉才能要求封存批次",
    "A lot is blocked only where the complaint names it and goes to quality",
    clause="6-5.1.2",
    field="block_lot",
)
