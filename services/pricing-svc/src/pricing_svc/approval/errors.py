"""What can go wrong with the day from which an approval shall hold."""

from fangxing.errors import ErrorType, Kind

EFFECTIVE_IN_PAST = ErrorType(
    "effective-in-past",
    Kind.INVALID,
    "生效日期不能早于今天",
    "It cannot take effect before today",
    clause="3-7.1.2",
    field="effective_from",
)
