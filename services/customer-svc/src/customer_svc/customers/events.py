"""What the customers feature publishes."""

from typing import ClassVar, Self
from uuid import UUID

from pydantic import BaseModel

from customer_svc.accounts.events import AccountEvent, CustomerPosition
from customer_svc.customers.store import Customer
from fangxing.terms import TermsKind


class Terms(BaseModel):
    """Settlement terms 结算方式: `days` after the invoice for credit, 0 for the others."""

    kind: TermsKind
    days: int


class CustomerOpened(AccountEvent):
    """A customer was opened, ungraded, with a credit account (clause 2-5.1) whose position the event carries."""

    event_type: ClassVar[str] = "customer.CustomerOpened.v1"
    customer_id: UUID
    number: str
    name: str
    rep: str
    terms: Terms

    @classmethod
    def of(cls, customer: Customer, position: CustomerPosition) -> Self:
        """The event about `customer` as it is now."""
        return cls(
            account_id=customer.account_id,
            position=position,
            customer_id=customer.id,
            number=customer.number,
            name=customer.name,
            rep=customer.rep,
            terms=Terms(kind=customer.terms_kind, days=customer.terms_days),
        )


class CustomerChanged(CustomerOpened):
    """Something of a customer's file changed; the event carries the whole of it."""

    event_type: ClassVar[str] = "customer.CustomerChanged.v1"
