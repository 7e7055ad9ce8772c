"""What the customers feature publishes."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel

from customer_svc.credit.events import AccountEvent


class Terms(BaseModel):
    """Settlement terms 结算方式: `days` after the invoice for credit, 0 for the others."""

    kind: Literal["credit", "prepaid", "cash_on_delivery"]
    days: int


class CustomerOpened(AccountEvent):
    """A customer was opened, ungraded, with a credit account (clause 2-5.1) whose position the event carries."""

    event_type: ClassVar[str] = "customer.CustomerOpened.v1"
    customer_id: UUID
    number: str
    name: str
    rep: str
    terms: Terms


class CustomerChanged(CustomerOpened):
    """Something of a customer's file changed; the event carries the whole of it."""

    event_type: ClassVar[str] = "customer.CustomerChanged.v1"
