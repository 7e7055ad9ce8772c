"""Credits cover debits. Nothing else moves an open amount, and the account's lock guards them all."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from customer_svc.accounts import rules
from customer_svc.accounts.errors import ALLOCATION_DOES_NOT_FIT
from customer_svc.accounts.rules import ItemKind, Share, Side
from customer_svc.accounts.store import Allocation, Item
from fangxing.ids import new_id
from fangxing.money import ZERO
from fangxing.work import Work

GIVEN = (ItemKind.REFUND, ItemKind.ROUNDING)
"""Debits that gave a credit back, or let its rest go: what becomes of the credit later does not undo them."""


def new_item(
    work: Work,
    kind: ItemKind,
    document_id: UUID,
    amount: Decimal,
    *,
    account_id: UUID,
    customer_id: UUID,
    id: UUID | None = None,
    due_on: date | None = None,
    earmarked: bool = False,
    value_on: date | None = None,
) -> Item:
    """An item of `amount` yuan, all of it open: a debit where it has a due date, else a credit."""
    return Item(
        id=id or new_id(),
        document_id=document_id,
        account_id=account_id,
        customer_id=customer_id,
        kind=kind,
        side=Side.CREDIT if due_on is None else Side.DEBIT,
        amount=amount,
        open_amount=amount,
        disputed=ZERO,
        earmarked=earmarked,
        due_on=due_on,
        entered_on=work.today,
        value_on=value_on or work.today,
        authors=sorted(work.actor.signing),
    )


def allocate(work: Work, credit: Item, debit: Item, amount: Decimal, *, undoes: UUID | None = None) -> None:
    """Let `amount` yuan of a credit cover a debit of the same locked account; less than 0 where it `undoes` another."""
    credit.open_amount -= amount
    debit.open_amount -= amount
    debit.disputed = min(debit.disputed, debit.open_amount)
    work.tx.add(
        Allocation(
            account_id=credit.account_id,
            from_item=credit.id,
            to_item=debit.id,
            amount=amount,
            entered_on=work.today,
            value_on=max(credit.value_on, debit.value_on),
            author=work.actor.id,
            undoes=undoes,
        )
    )


async def cover_chosen(work: Work, credit: Item, shares: Sequence[Share] | None) -> None:
    """Let a credit cover the debits that somebody chose, or left to the rules: then the oldest first.

    Raises `allocation-does-not-fit`.
    """
    if shares is None:
        await cover_oldest(work, credit)
        return
    debits = await _items(
        work,
        Item.id.in_([share.item for share in shares]),
        Item.account_id == credit.account_id,
        Item.side == Side.DEBIT,
    )
    found = {item.id: item for item in debits}
    fault = rules.allocation_fault(credit.open_amount, shares, {id: item.open_amount for id, item in found.items()})
    if fault:
        raise ALLOCATION_DOES_NOT_FIT(what=fault)
    for share in shares:
        allocate(work, credit, found[share.item], share.amount)


async def cover_oldest(work: Work, credit: Item, *first: ColumnElement[bool]) -> None:
    """Let a credit cover the account's open debits, the oldest first, what is disputed last.

    With a condition only those of which it is true.
    """
    if credit.open_amount == 0:
        return
    await work.tx.flush()
    debits = select(Item.id, Item.open_amount, Item.disputed).where(
        Item.account_id == credit.account_id, Item.side == Side.DEBIT, Item.open_amount > 0, *first
    )
    rows = (await work.tx.execute(debits.order_by(Item.due_on, Item.id))).all()
    undisputed = [(id, open_amount - disputed) for id, open_amount, disputed in rows]
    shares = rules.in_order(credit.open_amount, [*undisputed, *((id, disputed) for id, _, disputed in rows)])
    found = {item.id: item for item in await _items(work, Item.id.in_([share.item for share in shares]))}
    for share in shares:
        allocate(work, credit, found[share.item], share.amount)


def use(work: Work, credits: Sequence[Item], debit: Item, amount: Decimal) -> None:
    """Let `amount` yuan of several credits, in their order, cover a debit; they and it have that much open."""
    by_id = {credit.id: credit for credit in credits}
    for share in rules.in_order(amount, ((credit.id, credit.open_amount) for credit in credits)):
        allocate(work, by_id[share.item], debit, share.amount)


async def use_earmark(work: Work, account_id: UUID, debit: Item, amount: Decimal) -> None:
    """Let `amount` yuan of the account's prepayments, the oldest first, cover a debit (5-4.2.2)."""
    if amount > 0:
        prepayments = await _items(work, Item.account_id == account_id, Item.earmarked.is_(True), Item.open_amount > 0)
        use(work, prepayments, debit, amount)


async def take_back(work: Work, credits: Sequence[Item]) -> None:
    """Undo what the credits of a document cover, but for what was taken back, passed on or given back of them.

    What a prepayment had paid is due again from today on.
    """
    by_id = {credit.id: credit for credit in credits}
    documents = {credit.document_id for credit in credits}
    for allocation, debit in await _standing(
        work,
        Allocation.to_item,
        Allocation.from_item.in_(by_id),
        Item.document_id.not_in(documents),
        Item.kind.not_in(GIVEN),
    ):
        credit, open_before = by_id[allocation.from_item], debit.open_amount
        allocate(work, credit, debit, -allocation.amount, undoes=allocation.id)
        if credit.earmarked and debit.due_on is not None:
            debit.due_on = rules.due_after_bounce(debit.due_on, open_before, work.today)


async def free(work: Work, debit: Item) -> list[tuple[Item, Decimal]]:
    """Undo whatever covers a debit: each credit that did, with how much of it."""
    freed = []
    for allocation, credit in await _standing(work, Allocation.from_item, Allocation.to_item == debit.id):
        allocate(work, credit, debit, -allocation.amount, undoes=allocation.id)
        freed.append((credit, allocation.amount))
    return freed


async def take_out(work: Work, credits: Sequence[Item], amount: Decimal, kind: ItemKind = ItemKind.REVERSAL) -> None:
    """Take `amount` yuan of a document's credits out again, by a debit; what they lack of it is owed today."""
    of = credits[0]
    debit = new_item(
        work, kind, of.document_id, amount, account_id=of.account_id, customer_id=of.customer_id, due_on=work.today
    )
    work.tx.add(debit)
    await work.tx.flush()
    use(work, credits, debit, amount)


async def cancel(work: Work, debit: Item) -> None:
    """Cover a debit that nothing covers by a credit that takes it back."""
    credit = new_item(
        work,
        ItemKind.REVERSAL,
        debit.document_id,
        debit.amount,
        account_id=debit.account_id,
        customer_id=debit.customer_id,
    )
    work.tx.add(credit)
    await work.tx.flush()
    allocate(work, credit, debit, debit.amount)


async def pass_on(
    work: Work, credit: Item, amount: Decimal, *, account_id: UUID, customer_id: UUID, earmarked: bool
) -> Item:
    """Let `amount` yuan of a credit go on as another of the same value date: of another customer, or for other use."""
    await take_out(work, [credit], amount, ItemKind.TRANSFER)
    passed = new_item(
        work,
        ItemKind.PREPAYMENT if earmarked else ItemKind.RECEIPT,
        credit.document_id,
        amount,
        account_id=account_id,
        customer_id=customer_id,
        earmarked=earmarked,
        value_on=credit.value_on,
    )
    passed.authors = sorted({*credit.authors, *passed.authors})
    work.tx.add(passed)
    await work.tx.flush()
    return passed


async def _standing(
    work: Work, other: InstrumentedAttribute[UUID], *where: ColumnElement[bool]
) -> list[tuple[Allocation, Item]]:
    """The allocations that nothing undid, each with the `other` of its items, the oldest first."""
    await work.tx.flush()
    undoing = aliased(Allocation)
    rows = await work.tx.execute(
        select(Allocation, Item)
        .join(Item, Item.id == other)
        .where(Allocation.undoes.is_(None), ~exists().where(undoing.undoes == Allocation.id), *where)
        .order_by(Allocation.id)
        .execution_options(populate_existing=True)
    )
    return [(allocation, item) for allocation, item in rows]


async def _items(work: Work, *where: ColumnElement[bool]) -> Sequence[Item]:
    """Items of a locked account, those of the oldest value first."""
    await work.tx.flush()
    found = select(Item).where(*where).order_by(Item.value_on, Item.id)
    return (await work.tx.scalars(found.execution_options(populate_existing=True))).all()
