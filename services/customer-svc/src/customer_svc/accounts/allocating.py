"""Receipts cover open items; the account's lock guards every open amount."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from customer_svc.accounts import rules
from customer_svc.accounts.errors import ALLOCATION_DOES_NOT_FIT
from customer_svc.accounts.store import Allocation, CreditAccount, OpenItem
from fangxing.money import ZERO
from fangxing.work import Work


async def allocate(
    work: Work, account: CreditAccount, receipt_id: UUID, left: Decimal, shares: Sequence[rules.Share]
) -> Decimal:
    """Let a receipt, of which `left` yuan cover nothing yet, cover items of the locked account; what it now covers.

    Raises `allocation-does-not-fit`.
    """
    rows = await work.tx.scalars(
        select(OpenItem)
        .where(OpenItem.id.in_([share.item for share in shares]), OpenItem.account_id == account.id)
        .execution_options(populate_existing=True)
    )
    items = {item.id: item for item in rows}
    fault = rules.allocation_fault(left, shares, {id: item.open_amount for id, item in items.items()})
    if fault:
        raise ALLOCATION_DOES_NOT_FIT(what=fault)
    for share in shares:
        items[share.item].open_amount -= share.amount
        work.tx.add(Allocation(receipt_id=receipt_id, item_id=share.item, amount=share.amount))
    return sum((share.amount for share in shares), ZERO)


async def take_back(work: Work, receipt_id: UUID) -> None:
    """Open again what a receipt covered, under the account's lock."""
    covered = await work.tx.execute(
        select(OpenItem, Allocation.amount)
        .join(Allocation, Allocation.item_id == OpenItem.id)
        .where(Allocation.receipt_id == receipt_id)
        .execution_options(populate_existing=True)
    )
    for item, amount in covered.all():
        item.open_amount += amount
