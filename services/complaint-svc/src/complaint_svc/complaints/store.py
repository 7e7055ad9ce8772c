"""Tables of the register, and what is read of them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Select,
    String,
    Text,
    UniqueConstraint,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Mapped, mapped_column, relationship

from complaint_svc.complaints.rules import FINAL, MOVES, Channel, ComplaintKind, ComplaintStatus, Road
from complaint_svc.complaints.words import WORDS
from complaint_svc.reference.store import Customer, DeliveryLine, DeliveryNote
from complaint_svc.tables import Table
from fangxing.clauses import clause
from fangxing.database import Reader, Tx
from fangxing.database.types import one_of
from fangxing.documents import Documented
from fangxing.organisation.people import name_of
from fangxing.roles import Role


class RegisterCounter(Table):
    """The last number taken in the register of one year; its row is the lock under which numbers are taken."""

    __tablename__ = "register_counters"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class Complaint(Documented, Table):
    """One entry of the register 客户反馈处理记录.

    `responsible` is who has to handle it on its road; `answer_due` is the last day for the answer to the customer.
    """

    __tablename__ = "complaints"
    document_kind, moves, final, words = "complaint", MOVES, FINAL, WORDS
    number_in = "number"
    __table_args__ = (
        UniqueConstraint("year", "sequence"),
        CheckConstraint(f"(status = '{ComplaintStatus.REGISTERED}') = (road IS NULL)", name="routed_has_road"),
        CheckConstraint(
            f"(status = '{ComplaintStatus.CLOSED}') = (told_customer_on IS NOT NULL)", name="closed_when_told"
        ),
        Index("ix_complaints_number", "number", postgresql_ops={"number": "text_pattern_ops"}),
        Index("ix_complaints_customer", "customer_id", "id"),
        Index("ix_complaints_kind", "kind", "id"),
        Index("ix_complaints_status", "status", "id"),
        Index("ix_complaints_road", "road", "id"),
        Index("ix_complaints_lot", "lot", "id"),
        Index("ix_complaints_answer_due", "answer_due", "id"),
    )

    year: Mapped[int]
    sequence: Mapped[int]
    number: Mapped[str] = mapped_column(String(20), unique=True)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    account_id: Mapped[UUID]
    kind: Mapped[ComplaintKind] = mapped_column(one_of(ComplaintKind))
    channel: Mapped[Channel] = mapped_column(one_of(Channel))
    text: Mapped[str] = mapped_column(Text)
    lot: Mapped[str | None] = mapped_column(String(64))
    delivery_note_id: Mapped[UUID | None] = mapped_column(ForeignKey("delivery_notes.id"))
    status: Mapped[ComplaintStatus] = mapped_column(one_of(ComplaintStatus))
    road: Mapped[Road | None] = mapped_column(one_of(Road))
    responsible: Mapped[Role | None] = mapped_column(one_of(Role))
    block_requested_on: Mapped[date | None] = mapped_column(Date)
    answer_due: Mapped[date] = mapped_column(Date)
    author_name: Mapped[str] = mapped_column(String(80))
    created_on: Mapped[date] = mapped_column(Date)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    approved_on: Mapped[date | None] = mapped_column(Date)
    told_customer_on: Mapped[date | None] = mapped_column(Date)
    closing_note: Mapped[str | None] = mapped_column(Text)
    closed_on: Mapped[date | None] = mapped_column(Date)
    customer: Mapped[Customer] = relationship(lazy="selectin")


class Routing(Table):
    """One routing of a complaint (6-5.1.2). Rows are added and never changed, so re-routing stays visible."""

    __tablename__ = "complaint_routings"

    complaint_id: Mapped[UUID] = mapped_column(ForeignKey("complaints.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    road: Mapped[Road] = mapped_column(one_of(Road))
    responsible: Mapped[Role] = mapped_column(one_of(Role))
    note: Mapped[str] = mapped_column(Text)
    block_lot: Mapped[bool]
    routed_by: Mapped[str] = mapped_column(String(80))
    routed_by_name: Mapped[str] = mapped_column(String(80))
    routed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


COMPLAINTS: Select[Any] = select(
    Complaint.__table__,
    Customer.name.label("customer_name"),
    Customer.rep.label("rep"),
    name_of(Customer.rep).label("rep_name"),
).join_from(Complaint, Customer, Customer.id == Complaint.customer_id)
"""The register, each complaint with its customer's name and rep."""


@clause("6-5.1.1")
async def take_number(tx: Tx, year: int) -> int:
    """The next number of `year`. The counter's row stays locked until the transaction ends: no gaps, no doubles."""
    taken = await tx.execute(
        pg_insert(RegisterCounter)
        .values(year=year, last=1)
        .on_conflict_do_update(index_elements=[RegisterCounter.year], set_={"last": RegisterCounter.last + 1})
        .returning(RegisterCounter.last)
    )
    return taken.scalar_one()


async def count_routings(tx: Tx, complaint_id: UUID) -> int:
    """How often the complaint was put on a road."""
    return await tx.scalar(select(func.count()).where(Routing.complaint_id == complaint_id)) or 0


async def routings_of(reader: Reader, complaint_id: UUID) -> Sequence[RowMapping]:
    """The routings of a complaint, oldest first."""
    routings = select(Routing.__table__).where(Routing.complaint_id == complaint_id).order_by(Routing.number)
    return (await reader.execute(routings)).mappings().all()


async def products_of(tx: Tx, lot: str, note_id: UUID | None) -> Sequence[UUID]:
    """The products delivered under a lot number, on that delivery note where there is one; the first two will do."""
    products = select(DeliveryLine.product_id).where(DeliveryLine.lot == lot).distinct().limit(2)
    if note_id is not None:
        products = products.where(DeliveryLine.delivery_note_id == note_id)
    return (await tx.scalars(products)).all()


def other_deliveries(lot: str | None, note_id: UUID | None) -> Select[*tuple[Any, ...]]:
    """What was delivered of the lot on other delivery notes, the newest first; of every lot of the note without one.

    Joined with the customers; one not known yet has no name.
    """
    lots = select(DeliveryLine.lot).where(DeliveryLine.delivery_note_id == note_id)
    statement = (
        select(
            DeliveryLine.lot,
            DeliveryLine.delivery_note_id,
            DeliveryNote.number.label("delivery_note_number"),
            DeliveryLine.line,
            DeliveryNote.customer_id,
            Customer.name.label("customer_name"),
            DeliveryLine.product_name,
            DeliveryLine.tons,
            DeliveryNote.shipped_on,
            DeliveryNote.left_on,
        )
        .join(DeliveryNote, DeliveryNote.id == DeliveryLine.delivery_note_id)
        .outerjoin(Customer, Customer.id == DeliveryNote.customer_id)
        .where(DeliveryLine.lot.in_(lots) if lot is None else DeliveryLine.lot == lot)
        .order_by(DeliveryNote.shipped_on.desc(), DeliveryNote.id.desc(), DeliveryLine.line)
    )
    return statement if note_id is None else statement.where(DeliveryNote.id != note_id)
