"""What can go wrong with a look into the base price table."""

from fangxing.errors import ErrorType, Kind

NO_BASE_PRICE = ErrorType(
    "no-base-price",
    Kind.CONFLICT,
    "该产品在 {day} 没有基准价格",
    "The product has no base price on {day}",
    clause="3-5.1",
)
VERSION_NOT_FOUND = ErrorType(
    "price-version-not-found",
    Kind.NOT_FOUND,
    "该产品没有第 {version} 版基准价格",
    "This product has no version {version} of a base price",
)
DAYS_REVERSED = ErrorType(
    "days-reversed", Kind.INVALID, "前一日期不能晚于后一日期", "The old day cannot be after the new one", field="old"
)
