"""An account's stored figures are held against its ledger, and set to what it says."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, func, select, union_all

from customer_svc.accounts.advancing import advance_alone
from customer_svc.accounts.rules import Checked, Difference, Figure, Side
from customer_svc.accounts.store import Allocation, CreditAccount, Item, lock_account
from customer_svc.receivables import reasons
from customer_svc.receivables.shapes import RestateAccount
from customer_svc.receivables.store import DeliveryNote, LedgerEntry
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
    """What is stored of every account, or of one, held against the ledger; empty when all agree.

    The figures against the entries, the open items in sum against the receivable, the open prepayments in sum against
    what was paid in advance and neither invoiced nor returned; and each item's open amount against its allocations.
    """
    rows = (await connection.execute(_compared(account_id))).mappings()
    found = [
        Difference(row["id"], figure, row[f"stored_{figure}"], row[f"ledger_{figure}"])
        for row in rows
        for figure in (*Figure, Checked.OPEN_ITEMS, Checked.OPEN_PREPAYMENTS)
        if row[f"stored_{figure}"] != row[f"ledger_{figure}"]
    ]
    items = await connection.execute(_rebuilt(account_id))
    return found + [
        Difference(account, Checked.OPEN_AMOUNT, stored, rebuilt, item) for account, item, stored, rebuilt in items
    ]


def _compared(account_id: UUID | None) -> Select[Any]:
    stored = CreditAccount.__table__.c
    sums = (
        select(LedgerEntry.account_id, *(func.sum(column).label(figure) for figure, column in _ENTERED_IN.items()))
        .group_by(LedgerEntry.account_id)
        .subquery()
    )
    outside = case((Item.earmarked, ZERO), (Item.side == Side.DEBIT, Item.open_amount), else_=-Item.open_amount)
    items = (
        select(
            Item.account_id,
            func.sum(outside).label(Checked.OPEN_ITEMS),
            func.sum(case((Item.earmarked, Item.open_amount), else_=ZERO)).label(Checked.OPEN_PREPAYMENTS),
        )
        .where(Item.open_amount > 0)
        .group_by(Item.account_id)
        .subquery()
    )
    applied = (
        select(DeliveryNote.account_id, func.sum(DeliveryNote.prepayment_applied).label("applied"))
        .group_by(DeliveryNote.account_id)
        .subquery()
    )
    ledger = {figure: func.coalesce(sums.c[figure], ZERO) for figure in Figure}
    statement = select(
        stored.id,
        *(stored[figure].label(f"stored_{figure}") for figure in Figure),
        *(value.label(f"ledger_{figure}") for figure, value in ledger.items()),
        *(
            func.coalesce(items.c[name], ZERO).label(f"stored_{name}")
            for name in (Checked.OPEN_ITEMS, Checked.OPEN_PREPAYMENTS)
        ),
        ledger[Figure.RECEIVABLE].label(f"ledger_{Checked.OPEN_ITEMS}"),
        (ledger[Figure.PREPAID_TOTAL] - func.coalesce(applied.c.applied, ZERO)).label(
            f"ledger_{Checked.OPEN_PREPAYMENTS}"
        ),
    )
    for part in (sums, items, applied):
        statement = statement.join_from(CreditAccount, part, part.c.account_id == stored.id, isouter=True)
    return statement if account_id is None else statement.where(stored.id == account_id)


def _rebuilt(account_id: UUID | None) -> Select[UUID, UUID, Decimal, Decimal]:
    """The items whose open amount is not what their allocations say."""
    sides = union_all(
        *(select(column.label("item"), Allocation.amount) for column in (Allocation.from_item, Allocation.to_item))
    ).subquery()
    used = select(sides.c.item, func.sum(sides.c.amount).label("amount")).group_by(sides.c.item).subquery()
    rebuilt = Item.amount - func.coalesce(used.c.amount, ZERO)
    statement = (
        select(Item.account_id, Item.id, Item.open_amount, rebuilt)
        .join_from(Item, used, used.c.item == Item.id, isouter=True)
        .where(Item.open_amount != rebuilt)
        .order_by(Item.id)
    )
    return statement if account_id is None else statement.where(Item.account_id == account_id)


@clause("5-4.2.1-B")
async def restate(work: Work, body: RestateAccount) -> list[Difference]:
    """Set an account's figures to what its ledger says, its items to their allocations, and publish the position.

    The answer says what was not as it should be.
    Raises `credit-account-not-found`.
    """
    account = await lock_account(work.tx, body.account_id)
    corrected = await differences(work.tx, account.id)
    for found in corrected:
        if isinstance(found.figure, Figure):
            setattr(account, found.figure, found.ledger)
        elif found.item is not None:
            item = await work.tx.get_one(Item, found.item, populate_existing=True)
            item.open_amount, item.disputed = found.ledger, min(item.disputed, found.ledger)
    decision_log.keep(work, "ledger_restatement", account.document, reasons.restated(corrected))
    await advance_alone(work, account)
    return corrected
