"""An entry of the append-only ledger and the account's figures change together."""

from datetime import date
from decimal import Decimal

from customer_svc.accounts.rules import EntryKind
from customer_svc.accounts.store import CreditAccount
from customer_svc.receivables.store import LedgerEntry
from fangxing.money import ZERO
from fangxing.work import Work


def post(
    work: Work,
    account: CreditAccount,
    kind: EntryKind,
    document: str,
    *,
    receivable: Decimal = ZERO,
    written_off: Decimal = ZERO,
    settled: Decimal = ZERO,
    prepaid: Decimal = ZERO,
    value_on: date | None = None,
) -> None:
    """Enter changes, in yuan and of value from `value_on` on, in the ledger and the figures of the locked `account`."""
    account.receivable += receivable
    account.written_off += written_off
    account.settled_total += settled
    account.prepaid_total += prepaid
    work.tx.add(
        LedgerEntry(
            account_id=account.id,
            kind=kind,
            document=document,
            receivable=receivable,
            written_off=written_off,
            settled=settled,
            prepaid=prepaid,
            author=work.actor.id,
            entered_on=work.today,
            value_on=value_on or work.today,
            created_at=work.now,
        )
    )
