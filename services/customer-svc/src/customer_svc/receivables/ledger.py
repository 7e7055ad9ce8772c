"""The append-only ledger: an entry and the account's figures change in one transaction; and the restatement from it."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select

from customer_svc.credit.position import changed, lock_account, restated
from customer_svc.credit.store import CreditAccount
from customer_svc.receivables.store import LedgerEntry
from fangxing import decision_log
from fangxing.clauses import clause
from fangxing.database import Reader, Tx
from fangxing.money import ZERO
from fangxing.text import Text
from fangxing.verdicts import ReasonType, Verdict
from fangxing.work import Work

RESTATED = ReasonType(
    "restated",
    "5-4.2.1-B",
    Text("按台账重算余额，更正 {count} 项", "Figures restated from the ledger; {count} corrected"),
)


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


FIGURES = ("receivable", "written_off", "settled_total", "prepaid_total")


async def differences(connection: Tx | Reader, account_id: UUID | None = None) -> list[Difference]:
    """The stored figures of every account, or of one, held against the ledger; empty when all agree."""
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
    stored = CreditAccount.__table__.c
    statement = select(
        stored.id,
        *(stored[figure].label(f"stored_{figure}") for figure in FIGURES),
        *(func.coalesce(sums.c[figure], ZERO).label(f"ledger_{figure}") for figure in FIGURES),
    ).join_from(CreditAccount, sums, sums.c.account_id == stored.id, isouter=True)
    if account_id is not None:
        statement = statement.where(stored.id == account_id)
    rows = await connection.execute(statement)
    return [
        Difference(row["id"], figure, row[f"stored_{figure}"], row[f"ledger_{figure}"])
        for row in rows.mappings()
        for figure in FIGURES
        if row[f"stored_{figure}"] != row[f"ledger_{figure}"]
    ]


@clause("5-4.2.1-B")
async def restate(work: Work, account_id: UUID) -> list[Difference]:
    """Set the stored figures of an account to what its ledger says, and publish the position; what was corrected.

    Raises `credit-account-not-found`.
    """
    account = await lock_account(work, account_id)
    corrected = await differences(work.tx, account.id)
    inputs: dict[str, Decimal] = {}
    for item in corrected:
        setattr(account, item.figure, item.ledger)
        inputs |= {f"{item.figure}_stored": item.stored, f"{item.figure}_ledger": item.ledger}
    verdict = Verdict(True, "restated", (RESTATED(count=len(corrected)),), inputs)
    decision_log.keep(work, "ledger_restatement", account.document, verdict)
    await changed(work, account, restated)
    return corrected
