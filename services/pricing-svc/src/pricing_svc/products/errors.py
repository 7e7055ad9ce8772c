"""What can go wrong with a product and its production history."""

from fangxing.errors import ErrorType, Kind

PRODUCT_NOT_FOUND = ErrorType(
    "product-not-found", Kind.NOT_FOUND, "没有产品 {product}", "There is no product {product}"
)
CODE_TAKEN = ErrorType(
    "product-code-taken", Kind.CONFLICT, "产品编号 {code} 已被使用", "The product code {code} is taken", field="code"
)
HISTORY_IN_FUTURE = ErrorType(
    "history-in-future",
    Kind.INVALID,
    "生产记录只记已发生的事，日期不能晚于今天",
    "A production record tells what happened; its day cannot be after today",
    clause="3-5.1",
    field="since",
)
NOTHING_TO_STOP = ErrorType(
    "nothing-to-stop",
    Kind.CONFLICT,
    "该产品在 {since} 并未批量生产，无从停产",
    "The product was not in mass production on {since}, so it cannot be stopped",
    clause="3-5.2-2",
    field="since",
)
