"""What the accounts publish. Every event about an account carries the whole position."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel

from customer_svc.accounts.store import CreditAccount
from fangxing.bus import copies
from fangxing.money import Yuan
from fangxing.outbox import Event
from fangxing.positions import Grade, Seen


class CustomerPosition(BaseModel):
    """customer-svc's figures of one credit account; amounts in yuan, `limit` null for no cap.

    Dates, so that a reader judges rightly on any later day without hearing more: something is overdue after
    `next_due`, and if nothing more is paid or traded the grade is at best C from `c_from` on and D from `d_from`
    on. `stopped`: no credit, whatever the grade. `prepaid_by` entered receipts that are still open prepayments.
    """

    account_id: UUID
    epoch: int
    version: int
    receivable: Yuan
    written_off: Yuan
    settled_total: Yuan
    prepaid_total: Yuan
    grade: Grade
    limit: Yuan | None
    c_from: date | None
    d_from: date | None
    stopped: bool
    next_due: date | None
    overdue_amount: Yuan
    overdue_since: date | None
    prepaid_by: list[str]
    seen: Seen


def position_of(account: CreditAccount) -> CustomerPosition:
    """The position of `account` as it stands."""
    return CustomerPosition(
        account_id=account.id,
        epoch=account.epoch,
        version=account.version,
        receivable=account.receivable,
        written_off=account.written_off,
        settled_total=account.settled_total,
        prepaid_total=account.prepaid_total,
        grade=account.grade,
        limit=account.limit,
        c_from=account.c_from,
        d_from=account.d_from,
        stopped=account.stopped,
        next_due=account.next_due,
        overdue_amount=account.overdue_amount,
        overdue_since=account.overdue_since,
        prepaid_by=account.prepaid_by,
        seen=Seen(epoch=account.shipping_epoch, version=account.shipping_version),
    )


class AccountEvent(Event):
    """An event about a credit account, with the writer's position."""

    account_id: UUID
    position: CustomerPosition


class PaymentOverdue(AccountEvent):
    """Something is overdue: the amount in yuan, and the due date of the oldest item."""

    event_type: ClassVar[str] = "customer.PaymentOverdue.v1"
    amount: Yuan
    since: date


class OverdueCleared(AccountEvent):
    """Nothing is overdue any more. The grade stays what it is (2-5.3, note)."""

    event_type: ClassVar[str] = "customer.OverdueCleared.v1"


class PositionRestated(AccountEvent):
    """The position was published for its own sake: an allocation, another grace, a restatement from the ledger.

    `answers` is the question of a reader that could not read a position.
    """

    event_type: ClassVar[str] = "customer.PositionRestated.v1"
    answers: UUID | None = None


class PositionWanted(copies.PositionWanted):
    """A position of shipping's could not be read here; shipping is asked to restate it."""

    event_type: ClassVar[str] = "customer.PositionWanted.v1"
