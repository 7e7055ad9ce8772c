"""Tables of the accounts: the account with its position, the open items, and what was allocated to them."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, Date, ForeignKey, Index, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from customer_svc.accounts.errors import ACCOUNT_NOT_FOUND
from customer_svc.accounts.rules import Credit, Owed, credit_on
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

    def credit_on(self, day: date) -> Credit:
        """The credit in force on `day`."""
        return credit_on(day, grade=self.grade, limit=self.limit, c_from=self.c_from, d_from=self.d_from)


class OpenItem(Table):
    """What a document made the customer owe: `open_amount` of it is not covered yet. Its id is the document's."""

    __tablename__ = "open_items"
    __table_args__ = (
        CheckConstraint("open_amount BETWEEN 0 AND amount", name="open_amount"),
        Index("ix_open_items_open", "account_id", "due_on", postgresql_where="open_amount > 0"),
        Index("ix_open_items_due_on", "due_on", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("credit_accounts.id"))
    amount: Mapped[Decimal] = mapped_column(YUAN)
    open_amount: Mapped[Decimal] = mapped_column(YUAN)
    due_on: Mapped[date] = mapped_column(Date)


class Allocation(Table):
    """A part of a receipt that covers a part of an open item."""

    __tablename__ = "allocations"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    receipt_id: Mapped[UUID] = mapped_column(index=True)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("open_items.id"), index=True)
    amount: Mapped[Decimal] = mapped_column(YUAN)


async def lock_account(tx: Tx, account_id: UUID) -> CreditAccount:
    """The account, its row locked until the transaction ends; raises `credit-account-not-found`.

    The lock leaves foreign keys alone: whoever inserts a row that names the account does not wait for it.
    """
    account = await tx.get(CreditAccount, account_id, with_for_update={"key_share": True}, populate_existing=True)
    if account is None:
        raise ACCOUNT_NOT_FOUND(account=account_id)
    return account


async def owed_by(tx: Tx, account_id: UUID) -> list[Owed]:
    """What is open of the account's items."""
    rows = await tx.execute(
        select(OpenItem.due_on, OpenItem.open_amount).where(OpenItem.account_id == account_id, OpenItem.open_amount > 0)
    )
    return [Owed(due_on, open_amount) for due_on, open_amount in rows]
