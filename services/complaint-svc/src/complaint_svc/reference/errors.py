"""What a request may name and this service does not know."""

from fangxing.errors import ErrorType, Kind

CUSTOMER_NOT_FOUND = ErrorType(
    "customer-not-found",
    Kind.NOT_FOUND,
    "没有客户 {customer}",
    "There is no customer {customer}",
    field="customer_id",
)
NOTE_NOT_FOUND = ErrorType(
    "delivery-note-not-found",
    Kind.NOT_FOUND,
    "没有送货单 {note}",
    "There is no delivery note {note}",
    field="delivery_note_id",
)
