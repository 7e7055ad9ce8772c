"""An account's stored figures are held against its ledger, and set to what it says."""

from uuid import UUID

from sqlalchemy import func, select

from customer_svc.accounts.advancing import advance, publish
from customer_svc.accounts.events import PositionRestated
from customer_svc.accounts.store import CreditAccount, lock_account
from customer_svc.receivables import reasons
from customer_svc.receivables.rules import Difference, Figure
from customer_svc.receivables.shapes import RestateAccount
from customer_svc.receivables.store import LedgerEntry
from fangxing import decision_log
from fangxing.clauses import clause
from fangxing.database import Reader, Tx
from fangxing.money import ZERO
from fangxing.work import Work

_ENTERED_IN = {
    Figure.RECEIVABLE: LedgerEntry.receivable,
    Figure.WRITTEN_OFF: LedgerEntry.written_off,
    Figure.SETTLED_TOTAL: LedgerEntry.settled,
    Figure.PREPAID_TOTAL: LedgerEntry.prepaid,
}


async def differences(connection: Tx | Reader, account_id: UUID | None = None) -> list[Difference]:
    """The stored figures of every account, or of one, held against the ledger; empty when all agree."""
    sums = (
        select(LedgerEntry.account_id, *(func.sum(column).label(figure) for figure, column in _ENTERED_IN.items()))
        .group_by(LedgerEntry.account_id)
        .subquery()
    )
    stored = CreditAccount.__table__.c
    statement = select(
        stored.id,
        *(stored[figure].label(f"stored_{figure}") for figure in Figure),
        *(func.coalesce(sums.c[figure], ZERO).label(f"ledger_{figure}") for figure in Figure),
    ).join_from(CreditAccount, sums, sums.c.account_id == stored.id, isouter=True)
    if account_id is not None:
        statement = statement.where(stored.id == account_id)
    rows = await connection.execute(statement)
    return [
        Difference(row["id"], figure, row[f"stored_{figure}"], row[f"ledger_{figure}"])
        for row in rows.mappings()
        for figure in Figure
        if row[f"stored_{figure}"] != row[f"ledger_{figure}"]
    ]


@clause("5-4.2.1-B")
async def restate(work: Work, body: RestateAccount) -> list[Difference]:
    """Set the stored figures of an account to what its ledger says, and publish the position; what was corrected.

    Raises `credit-account-not-found`.
    """
    account = await lock_account(work.tx, body.account_id)
    corrected = await differences(work.tx, account.id)
    for item in corrected:
        setattr(account, item.figure, item.ledger)
    decision_log.keep(work, "ledger_restatement", account.document, reasons.restated(corrected))
    async with advance(work, account) as position:
        publish(work, PositionRestated(account_id=account.id, position=position))
    return corrected
