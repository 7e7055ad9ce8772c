"""The account's position moves on: under the row's lock, published whole with every change.

Whoever has changed a locked account publishes what he did inside `advance`::

    async with advance(work, account) as position:
        publish(work, InvoiceIssued.of(invoice, position), about=invoice)
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from decimal import Decimal

from customer_svc.accounts import rules
from customer_svc.accounts.events import (
    AccountEvent,
    CustomerPosition,
    OverdueCleared,
    PaymentOverdue,
    PositionRestated,
    position_of,
)
from customer_svc.accounts.policies import tolerance
from customer_svc.accounts.reasons import downgrade_announced
from customer_svc.accounts.store import CreditAccount, standing_of
from fangxing.outbox import Counted, record, record_fact
from fangxing.policies import load
from fangxing.positions import version_of
from fangxing.roles import Role
from fangxing.tasks import close_tasks, open_task
from fangxing.work import Work

DOWNGRADE_CASE = "overdue_downgrade"
"""The kind of the task that announces a downgrade."""


@asynccontextmanager
async def advance(work: Work, account: CreditAccount, day: date | None = None) -> AsyncIterator[CustomerPosition]:
    """The next position of the locked account, what is due derived anew; the block publishes it with its event.

    What the change made overdue, or cleared, is told behind that event under a version of its own. `day` is the date
    that a timer stands for.
    """
    was = account.overdue_amount
    await derive_due(work, account, day)
    yield take_next_position(account)
    await tell_overdue(work, account, was)


async def advance_alone(work: Work, account: CreditAccount) -> None:
    """The next position of the locked account, published for its own sake: what changed has no event of its own."""
    async with advance(work, account) as position:
        publish(work, PositionRestated(account_id=account.id, position=position))


def take_next_position(account: CreditAccount) -> CustomerPosition:
    """The position of the locked account under its next version."""
    account.version += 1
    return position_of(account)


def publish(work: Work, event: AccountEvent, *, about: Counted | None = None) -> None:
    """Record an event with the position it carries.

    One about a document of its own is that document's next fact. The others are about the account and need no order,
    since the newest position tells all.
    """
    key, position = str(event.account_id), str(version_of(event.position))
    if about is not None:
        record_fact(work, event, about=about, key=key, position=position)
    else:
        document = CreditAccount.named(event.account_id)
        record(work, event, key=key, document=document, version=None, position=position)


async def derive_due(work: Work, account: CreditAccount, day: date | None = None) -> None:
    """Derive from the open items what is due and overdue today, on which day the grade falls, and who prepaid.

    With a `day`, the date a timer stands for, the policies of that day count; and what was found overdue on a later
    day is kept, since time alone makes nothing less overdue.
    """
    await work.tx.flush()
    standing = await standing_of(work.tx, account.id)
    account.prepaid_by = standing.prepaid_by
    book = await (work.policies() if day is None else load(work.tx, work.policy_registry, day))
    due = rules.due(standing.owed, standing.credit, day or work.today, account.grade, tolerance(book))
    account.next_due, account.c_from = due.next_due, rules.after_correction(due.c_from, account.corrected_on)
    if day is None or due.overdue.amount > account.overdue_amount:
        account.overdue_amount, account.overdue_since = due.overdue.amount, due.overdue.since


async def tell_overdue(work: Work, account: CreditAccount, was: Decimal) -> None:
    """Publish what became of the overdue amount, `was` yuan before: more, or nothing left; and the downgrade case."""
    since = account.overdue_since
    if was > 0 and account.overdue_amount == 0:
        publish(work, OverdueCleared(account_id=account.id, position=take_next_position(account)))
        await close_tasks(work, account.document, DOWNGRADE_CASE)
    elif account.overdue_amount > was and since is not None:
        amount, position = account.overdue_amount, take_next_position(account)
        publish(work, PaymentOverdue(account_id=account.id, position=position, amount=amount, since=since))
        if was == 0 and account.c_from is not None:
            await open_task(
                work,
                kind=DOWNGRADE_CASE,
                role=Role.SALES_MANAGER,
                document=account.document,
                clause="2-5.3.1-C",
                title=downgrade_announced(account.c_from),
                amount=amount,
            )
