"""The credit account's position on this side: changed under the row's lock, published whole with every change."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ValidationError
from sqlalchemy import select, tuple_, update

from customer_svc.credit import rules
from customer_svc.credit.events import (
    AccountEvent,
    CustomerPosition,
    OverdueCleared,
    PaymentOverdue,
    PositionRestated,
    Seen,
)
from customer_svc.credit.policies import GRACE_DAYS
from customer_svc.credit.store import CreditAccount
from customer_svc.receivables.store import Invoice
from fangxing.errors import ErrorType, Kind
from fangxing.inbox import Poison
from fangxing.money import Yuan
from fangxing.outbox import Documented, record, record_fact
from fangxing.policies import load
from fangxing.roles import Role
from fangxing.tasks import close_tasks, open_task
from fangxing.text import Text
from fangxing.work import Work

ACCOUNT_NOT_FOUND = ErrorType(
    "credit-account-not-found", Kind.NOT_FOUND, "没有信用账户 {account}", "There is no credit account {account}"
)


DOWNGRADE_CASE = "overdue_downgrade"
"""The kind of the task that announces a downgrade."""


async def lock_account(work: Work, account_id: UUID) -> CreditAccount:
    """The account, its row locked until the transaction ends; raises `credit-account-not-found`.

    The lock leaves foreign keys alone: whoever inserts a row that names the account does not wait for it.
    """
    account = await work.tx.get(CreditAccount, account_id, with_for_update={"key_share": True}, populate_existing=True)
    if account is None:
        raise ACCOUNT_NOT_FOUND(account=account_id)
    return account


async def refresh_due(work: Work, account: CreditAccount, day: date | None = None) -> None:
    """Derive what is due and overdue today from the open invoices, and with it the grade's last day.

    With a `day`, the date a timer stands for, the policies of that day count; and what was found overdue on a later
    day is kept, since time alone makes nothing less overdue.
    """
    await work.tx.flush()
    invoices = await work.tx.execute(
        select(Invoice.due_on, Invoice.open_amount).where(Invoice.account_id == account.id, Invoice.open_amount > 0)
    )
    items = [rules.OpenItem(due_on, amount) for due_on, amount in invoices]
    late = rules.overdue(items, day or work.today)
    account.next_due = min((item.due_on for item in items), default=None)
    if day is None or late.amount > account.overdue_amount:
        account.overdue_amount, account.overdue_since = late.amount, late.since
    book = await (work.policies() if day is None else load(work.tx, work.policy_registry, day))
    grace = book.get(GRACE_DAYS)
    account.grade_until = rules.grade_until(account.grade, account.next_due, grace)  # type: ignore[arg-type]


async def changed(
    work: Work,
    account: CreditAccount,
    event: Callable[[CustomerPosition], AccountEvent],
    about: Documented | None = None,
    document: str | None = None,
    day: date | None = None,
) -> None:
    """Publish a change of the locked account: what is due is derived, the version taken, the whole position sent.

    `event` makes the event from the position. An event about a document of its own names it; the others are about
    the account and need no order, since the newest position tells all. `day` is the date a timer stands for.
    """
    was = account.overdue_amount
    await refresh_due(work, account, day)
    _publish(work, account, event, about, document)
    await tell_overdue(work, account, was)


async def tell_overdue(work: Work, account: CreditAccount, was: Decimal) -> None:
    """Publish what became of the overdue amount, `was` yuan before: more, or nothing left; and the downgrade case."""
    since = account.overdue_since
    if was > 0 and account.overdue_amount == 0:
        _publish(work, account, lambda position: OverdueCleared(account_id=account.id, position=position))
        await close_tasks(work, account.document, DOWNGRADE_CASE)
    elif account.overdue_amount > was and since is not None:
        _publish(
            work,
            account,
            lambda position: PaymentOverdue(
                account_id=account.id, position=position, amount=account.overdue_amount, since=since
            ),
        )
        if was == 0 and account.grade_until is not None:
            _open_downgrade_case(work, account, account.grade_until)


def restated(position: CustomerPosition) -> PositionRestated:
    """The event that tells the position for its own sake."""
    return PositionRestated(account_id=position.account_id, position=position)


def restate(work: Work, account: CreditAccount) -> None:
    """Publish the position of the locked account for its own sake."""
    _publish(work, account, restated)


def _open_downgrade_case(work: Work, account: CreditAccount, until: date) -> None:
    open_task(
        work,
        kind=DOWNGRADE_CASE,
        role=Role.SALES_MANAGER,
        document=account.document,
        clause="2-5.3.1-C",
        title=Text(
            f"客户逾期 {account.overdue_amount} 元，{until} 之后仍未付清即自动降为 C 级",
            f"{account.overdue_amount} yuan overdue; unpaid after {until} the grade falls to C by itself",
        ),
    )


def _publish(
    work: Work,
    account: CreditAccount,
    event: Callable[[CustomerPosition], AccountEvent],
    about: Documented | None = None,
    document: str | None = None,
) -> None:
    account.version += 1
    made = event(CustomerPosition.of(account))
    key, position = str(account.id), f"{account.epoch}.{account.version}"
    if about is not None and document is not None:
        record_fact(work, made, about=about, document=document, key=key, position=position)
    else:
        record(work, made, key=key, document=account.document, version=None, position=position)


class ShippingPosition(BaseModel):
    """Shipping's figures of one credit account, as far as this service needs them; amounts in yuan."""

    account_id: UUID
    epoch: int
    version: int
    released: Yuan
    shipped_total: Yuan
    prepaid_used_total: Yuan
    seen: Seen


async def keep_shipping_position(work: Work, data: dict[str, Any]) -> None:
    """Overwrite the copy of shipping's position where `data` is newer; raises `Poison` where it cannot be read."""
    try:
        position = ShippingPosition.model_validate(data)
    except ValidationError as error:
        raise Poison(str(error)) from error
    await work.tx.execute(
        update(CreditAccount)
        .where(
            CreditAccount.id == position.account_id,
            tuple_(CreditAccount.shipping_epoch, CreditAccount.shipping_version)
            < tuple_(position.epoch, position.version),
        )
        .values(
            shipping_epoch=position.epoch,
            shipping_version=position.version,
            released=position.released,
            shipped_total=position.shipped_total,
            prepaid_used_total=position.prepaid_used_total,
            shipping_seen_epoch=position.seen.epoch,
            shipping_seen_version=position.seen.version,
            shipping_unreadable=False,
        )
        .execution_options(synchronize_session=False)
    )


async def mark_shipping_unreadable(work: Work, account: str, version: tuple[int, int]) -> None:
    """Say that the copy is stale until a newer position comes; the figures stay what they were."""
    try:
        account_id = UUID(account)
    except ValueError:
        # a key that names no account marks none, and must not stop what comes behind it
        return
    await work.tx.execute(
        update(CreditAccount)
        .where(
            CreditAccount.id == account_id,
            tuple_(CreditAccount.shipping_epoch, CreditAccount.shipping_version) < tuple_(*version),
        )
        .values(shipping_unreadable=True)
        .execution_options(synchronize_session=False)
    )
