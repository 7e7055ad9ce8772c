"""What the credit feature publishes. Every event about an account carries the whole position."""

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel

from customer_svc.credit.store import CreditAccount
from fangxing.money import Yuan
from fangxing.outbox import Event


class Seen(BaseModel):
    """The newest position of the other side that was known when this one was written."""

    epoch: int
    version: int


class CustomerPosition(BaseModel):
    """customer-svc's figures of one credit account; amounts in yuan, `limit` null for no cap.

    `next_due` is the due date of the oldest open item and `grade_until` the last day the grade holds if nothing more
    is paid: dates, so that a reader judges rightly on any later day without hearing more.
    """

    account_id: UUID
    epoch: int
    version: int
    receivable: Yuan
    written_off: Yuan
    settled_total: Yuan
    prepaid_total: Yuan
    grade: Literal["A", "B", "C", "D", "ungraded"]
    limit: Yuan | None
    grade_until: date | None
    next_due: date | None
    overdue_amount: Yuan
    overdue_since: date | None
    seen: Seen

    @classmethod
    def of(cls, account: CreditAccount) -> "CustomerPosition":
        """The position of `account` as it stands."""
        return cls.model_validate(
            {
                **{name: getattr(account, name) for name in cls.model_fields if name not in ("account_id", "seen")},
                "account_id": account.id,
                "seen": {"epoch": account.shipping_epoch, "version": account.shipping_version},
            }
        )


class AccountEvent(Event):
    """An event about a credit account, with the writer's position."""

    account_id: UUID
    position: CustomerPosition


class CreditLimitChanged(AccountEvent):
    """A grade and limit took effect by an approval (2-5.4.4)."""

    event_type: ClassVar[str] = "customer.CreditLimitChanged.v1"
    application_id: UUID


class CustomerGradeChanged(AccountEvent):
    """A grade took effect by itself (2-5.3.1)."""

    event_type: ClassVar[str] = "customer.CustomerGradeChanged.v1"
    grade: str
    clause: str


class PaymentOverdue(AccountEvent):
    """Something is overdue: the amount in yuan, and the due date of the oldest item."""

    event_type: ClassVar[str] = "customer.PaymentOverdue.v1"
    amount: Yuan
    since: date


class OverdueCleared(AccountEvent):
    """Nothing is overdue any more. The grade stays what it is (2-5.3, note)."""

    event_type: ClassVar[str] = "customer.OverdueCleared.v1"


class PositionRestated(AccountEvent):
    """The position was published for its own sake: an allocation, another grace, a restatement from the ledger."""

    event_type: ClassVar[str] = "customer.PositionRestated.v1"
