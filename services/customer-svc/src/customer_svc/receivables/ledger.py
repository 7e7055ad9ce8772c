"""The append-only ledger: every entry changes the account's figures and itself in one transaction; and the rebuild."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select

from customer_svc.credit.store import CreditAccount
from customer_svc.receivables.store import LedgerEntry
from fangxing.database import Reader, Tx
from fangxing.money import ZERO
from fangxing.work import Work


def post(
    work: Work,
    account: CreditAccount,
    *,
    kind: str,
    document: str,
    receivable: Decimal = ZERO,
    written_off: Decimal = ZERO,
    settled: Decimal = ZERO,
    prepaid: Decimal = ZERO,
) -> None:
    """Enter the changes, in yuan, in the ledger and in the figures of the locked `account`."""
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
            posted_on=work.today,
            posted_by=work.actor.id,
            posted_at=work.now,
        )
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """A stored figure that is not what the ledger says, in yuan."""

    account_id: UUID
    figure: str
    stored: Decimal
    ledger: Decimal


async def differences(connection: Tx | Reader) -> list[Difference]:
    """The stored figures of every account held against its ledger; empty when all agree."""
    sums = (
        select(
            LedgerEntry.account_id,
            func.sum(LedgerEntry.receivable).label("receivable"),
            func.sum(LedgerEntry.written_off).label("written_off"),
            func.sum(LedgerEntry.settled).label("settled_total"),
            func.sum(LedgerEntry.prepaid).label("prepaid_total"),
        )
        .group_by(LedgerEntry.account_id)
        .subquery()
    )
    figures = ("receivable", "written_off", "settled_total", "prepaid_total")
    stored = CreditAccount.__table__.c
    rows = await connection.execute(
        select(
            stored.id,
            *(stored[figure].label(f"stored_{figure}") for figure in figures),
            *(func.coalesce(sums.c[figure], ZERO).label(f"ledger_{figure}") for figure in figures),
        ).join_from(CreditAccount, sums, sums.c.account_id == stored.id, isouter=True)
    )
    return [
        Difference(row["id"], figure, row[f"stored_{figure}"], row[f"ledger_{figure}"])
        for row in rows.mappings()
        for figure in figures
        if row[f"stored_{figure}"] != row[f"ledger_{figure}"]
    ]
