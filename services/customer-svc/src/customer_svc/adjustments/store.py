"""The table of the adjustments."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Index, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from customer_svc.accounts.store import Item
from customer_svc.adjustments.errors import ITEM_NOT_FOUND
from customer_svc.adjustments.rules import FINAL, MOVES, AdjustmentKind, AdjustmentStatus
from customer_svc.adjustments.words import WORDS
from customer_svc.customers.store import Customer
from customer_svc.tables import Table, columns_of
from fangxing.database import Tx
from fangxing.database.types import YUAN, one_of
from fangxing.documents import Documented
from fangxing.organisation.people import name_of


class Adjustment(Documented, Table):
    """An adjustment 往来调整单 of a part of one open item; its own item has its id as document."""

    __tablename__ = "adjustments"
    __table_args__ = (
        Index("ix_adjustments_customer", "customer_id", "id"),
        Index("ix_adjustments_status", "status", "id"),
    )
    document_kind, moves, final, words = "adjustment", MOVES, FINAL, WORDS
    amount_in = "amount"

    kind: Mapped[AdjustmentKind] = mapped_column(one_of(AdjustmentKind))
    status: Mapped[AdjustmentStatus] = mapped_column(one_of(AdjustmentStatus))
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("credit_accounts.id"))
    item_id: Mapped[UUID] = mapped_column(ForeignKey("items.id"))
    amount: Mapped[Decimal] = mapped_column(YUAN)
    reason: Mapped[str] = mapped_column(Text)
    filed_on: Mapped[date] = mapped_column(Date)
    done_on: Mapped[date | None] = mapped_column(Date)


ADJUSTMENT_ROWS = select(
    *columns_of(Adjustment),
    Customer.name.label("customer_name"),
    name_of(Adjustment.author).label("author_name"),
).join_from(Adjustment, Customer)
"""The adjustments as they are listed."""
ITEM_ROWS = select(Item.__table__, Customer.name.label("customer_name")).join_from(Item, Customer)
"""The open items as they are listed."""


async def item_with(tx: Tx, item_id: UUID) -> Item:
    """The item, read anew, whose account's lock guards it; raises `item-not-found`."""
    item = await tx.get(Item, item_id, populate_existing=True)
    if item is None:
        raise ITEM_NOT_FOUND(item=item_id)
    return item
