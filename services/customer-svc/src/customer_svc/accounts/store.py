"""Tables of the accounts: the account with its position, its open items, and what of them covers what."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, Date, ForeignKey, Index, String, case, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from customer_svc.accounts.errors import ACCOUNT_NOT_FOUND
from customer_svc.accounts.rules import Credit, ItemKind, Owed, Side, credit_on
from customer_svc.tables import Table
from fangxing.database import Tx
from fangxing.database.credit import EXPOSURE
from fangxing.database.types import YUAN, one_of
from fangxing.ids import new_id
from fangxing.money import ZERO
from fangxing.positions import Grade, account_document


class CreditAccount(Table):
    """A credit account 信用账户: this service's position, and its copy of what shipping reported.

    `version` grows with every change of the first group of figures, under the row's lock; restoring a backup bumps
    `epoch`. The second group is overwritten by newer reports alone. `exposure` is derived from both.
    """

    __tablename__ = "credit_accounts"
    __table_args__ = (
        CheckConstraint("limit_amount IS NULL OR limit_amount >= 0", name="limit"),
        Index("ix_credit_accounts_next_due", "next_due"),
        Index("ix_credit_accounts_exposure", "exposure", "id"),
        Index("ix_credit_accounts_overdue", "id", postgresql_where="overdue_amount > 0"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    epoch: Mapped[int]
    version: Mapped[int]
    receivable: Mapped[Decimal] = mapped_column(YUAN)
    written_off: Mapped[Decimal] = mapped_column(YUAN)
    settled_total: Mapped[Decimal] = mapped_column(YUAN)
    prepaid_total: Mapped[Decimal] = mapped_column(YUAN)
    grade: Mapped[Grade] = mapped_column(one_of(Grade))
    limit: Mapped[Decimal | None] = mapped_column("limit_amount", YUAN)
    c_from: Mapped[date | None] = mapped_column(Date)
    d_from: Mapped[date | None] = mapped_column(Date)
    stopped: Mapped[bool]
    next_due: Mapped[date | None] = mapped_column(Date)
    overdue_amount: Mapped[Decimal] = mapped_column(YUAN)
    overdue_since: Mapped[date | None] = mapped_column(Date)
    corrected_on: Mapped[date | None] = mapped_column(Date)
    prepaid_by: Mapped[list[str]] = mapped_column(JSONB)
    shipping_epoch: Mapped[int]
    shipping_version: Mapped[int]
    shipping_seen_epoch: Mapped[int]
    shipping_seen_version: Mapped[int]
    released: Mapped[Decimal] = mapped_column(YUAN)
    shipped_total: Mapped[Decimal] = mapped_column(YUAN)
    prepaid_used_total: Mapped[Decimal] = mapped_column(YUAN)
    shipping_unreadable: Mapped[bool]
    exposure: Mapped[Decimal] = mapped_column(YUAN, Computed(EXPOSURE, persisted=True))

    @classmethod
    def opened(cls) -> "CreditAccount":
        """A new account: nothing owed, nothing shipped, ungraded with limit 0 (2-5.2)."""
        return cls(
            id=new_id(),
            epoch=1,
            version=0,
            receivable=ZERO,
            written_off=ZERO,
            settled_total=ZERO,
            prepaid_total=ZERO,
            grade=Grade.UNGRADED,
            limit=ZERO,
            stopped=False,
            overdue_amount=ZERO,
            prepaid_by=[],
            shipping_epoch=0,
            shipping_version=0,
            shipping_seen_epoch=0,
            shipping_seen_version=0,
            released=ZERO,
            shipped_total=ZERO,
            prepaid_used_total=ZERO,
            shipping_unreadable=False,
        )

    @classmethod
    def named(cls, id: UUID) -> str:
        """The name of the account with this id, as of a document."""
        return account_document(id)

    @property
    def document(self) -> str:
        """The account's name as a document."""
        return self.named(self.id)

    @property
    def prepaid_free(self) -> Decimal:
        """What of the prepayments stands behind no goods that shipping released, in yuan; less than 0 is uncovered."""
        return self.prepaid_total - self.prepaid_used_total

    def credit_on(self, day: date) -> Credit:
        """The credit in force on `day`."""
        return credit_on(day, grade=self.grade, limit=self.limit, c_from=self.c_from, d_from=self.d_from)


class Item(Table):
    """An open item 未清项: what a document made the customer owe, or has given him; `open_amount` is not used yet.

    A debit has a due date. An `earmarked` credit is a prepayment, outside the receivable. `disputed` of a debit is what
    the customer contests. `document_id` is the id of its document, as is the item's own where it has but one.
    `authors`: who entered it, a deputy and whom he stood in for. Its open amount moves by allocations alone.
    """

    __tablename__ = "items"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("open_amount BETWEEN 0 AND amount", name="open_amount"),
        CheckConstraint("disputed BETWEEN 0 AND open_amount", name="disputed"),
        CheckConstraint("(side = 'debit') = (due_on IS NOT NULL)", name="debits_are_due"),
        CheckConstraint("side = 'credit' OR NOT earmarked", name="credits_are_earmarked"),
        CheckConstraint("side = 'debit' OR disputed = 0", name="debits_are_disputed"),
        Index("ix_items_open", "account_id", "due_on", postgresql_where="open_amount > 0"),
        Index("ix_items_due_on", "due_on", "id"),
        Index("ix_items_document", "document_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    document_id: Mapped[UUID]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("credit_accounts.id"))
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"), index=True)
    kind: Mapped[ItemKind] = mapped_column(one_of(ItemKind))
    side: Mapped[Side] = mapped_column(one_of(Side))
    amount: Mapped[Decimal] = mapped_column(YUAN)
    open_amount: Mapped[Decimal] = mapped_column(YUAN)
    disputed: Mapped[Decimal] = mapped_column(YUAN)
    earmarked: Mapped[bool]
    due_on: Mapped[date | None] = mapped_column(Date)
    entered_on: Mapped[date] = mapped_column(Date)
    value_on: Mapped[date] = mapped_column(Date)
    authors: Mapped[list[str]] = mapped_column(JSONB)


class Allocation(Table):
    """A part of a credit that covers a part of a debit. Append-only: one with the opposite amount undoes another."""

    __tablename__ = "allocations"
    __table_args__ = (
        CheckConstraint("amount <> 0", name="amount"),
        CheckConstraint("(amount < 0) = (undoes IS NOT NULL)", name="undone_by_its_opposite"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("credit_accounts.id"))
    from_item: Mapped[UUID] = mapped_column(ForeignKey("items.id"), index=True)
    to_item: Mapped[UUID] = mapped_column(ForeignKey("items.id"), index=True)
    amount: Mapped[Decimal] = mapped_column(YUAN)
    entered_on: Mapped[date] = mapped_column(Date)
    value_on: Mapped[date] = mapped_column(Date)
    author: Mapped[str] = mapped_column(String(80))
    undoes: Mapped[UUID | None] = mapped_column(ForeignKey("allocations.id"), unique=True)


async def lock_account(tx: Tx, account_id: UUID) -> CreditAccount:
    """The account, its row locked until the transaction ends; raises `credit-account-not-found`.

    The lock leaves foreign keys alone: whoever inserts a row that names the account does not wait for it.
    """
    account = await tx.get(CreditAccount, account_id, with_for_update={"key_share": True}, populate_existing=True)
    if account is None:
        raise ACCOUNT_NOT_FOUND(account=account_id)
    return account


class Standing(NamedTuple):
    """What is open of an account: debits by due date, credits in yuan, and who entered the prepayments among them."""

    owed: list[Owed]
    credit: Decimal
    prepaid_by: list[str]


async def lock_accounts(tx: Tx, *ids: UUID) -> list[CreditAccount]:
    """The accounts in the order asked for, locked in one order, so that nobody waits for whom he holds up."""
    locked = {id: await lock_account(tx, id) for id in sorted(set(ids))}
    return [locked[id] for id in ids]


async def standing_of(tx: Tx, account_id: UUID) -> Standing:
    """What is open of the account's items, summed where it is read: there may be thousands."""
    authors = case((Item.earmarked, Item.authors))
    rows = await tx.execute(
        select(Item.due_on, Item.earmarked, authors, func.sum(Item.open_amount), func.sum(Item.disputed))
        .where(Item.account_id == account_id, Item.open_amount > 0)
        .group_by(Item.due_on, Item.earmarked, authors)
    )
    owed, credit, prepaid_by = [], ZERO, set[str]()
    for due_on, earmarked, persons, open_amount, disputed in rows:
        if due_on is not None:
            owed.append(Owed(due_on, open_amount, disputed))
        elif earmarked:
            prepaid_by.update(persons)
        else:
            credit += open_amount
    return Standing(owed, credit, sorted(prepaid_by))


async def earmarked_of(tx: Tx, account_id: UUID) -> Decimal:
    """What is open of the account's prepayments, in yuan."""
    found = select(func.coalesce(func.sum(Item.open_amount), ZERO))
    return (await tx.scalars(found.where(Item.account_id == account_id, Item.earmarked, Item.open_amount > 0))).one()


async def items_of(tx: Tx, document_id: UUID) -> Sequence[Item]:
    """The items of a document whose account is locked, the oldest first."""
    await tx.flush()
    found = select(Item).where(Item.document_id == document_id).order_by(Item.id)
    return (await tx.scalars(found.execution_options(populate_existing=True))).all()


async def credits_of(tx: Tx, document_id: UUID, account_id: UUID) -> Sequence[Item]:
    """The credits of a document on the locked account it stands on, the oldest first."""
    await tx.flush()
    found = (
        select(Item)
        .where(Item.document_id == document_id, Item.account_id == account_id, Item.side == Side.CREDIT)
        .order_by(Item.id)
    )
    return (await tx.scalars(found.execution_options(populate_existing=True))).all()
