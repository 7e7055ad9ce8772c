"""Tables of the deciding feature, and what is read of them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Index, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from complaint_svc.complaints.rules import Road
from complaint_svc.deciding.rules import CURRENT, FINAL, MOVES, HandlingStatus
from complaint_svc.deciding.words import WORDS
from complaint_svc.tables import Table
from fangxing.database import Tx
from fangxing.database.types import one_of
from fangxing.documents import Documented
from fangxing.roles import Role


class Handling(Documented, Table):
    """A 原因调查及处理结果, cause and handling (6-5.2.1), that its author signed as the responsible party's role."""

    __tablename__ = "complaint_handlings"
    document_kind, moves, final, words = "handling", MOVES, FINAL, WORDS
    __table_args__ = (
        UniqueConstraint("complaint_id", "number"),
        Index(
            "uq_complaint_handlings_current",
            "complaint_id",
            unique=True,
            postgresql_where=f"status IN ({', '.join(repr(status.value) for status in CURRENT)})",
        ),
    )

    complaint_id: Mapped[UUID] = mapped_column(ForeignKey("complaints.id"))
    customer_id: Mapped[UUID]
    number: Mapped[int]
    road: Mapped[Road] = mapped_column(one_of(Road))
    cause: Mapped[str] = mapped_column(Text)
    secondary_causes: Mapped[str | None] = mapped_column(Text)
    improvement: Mapped[str | None] = mapped_column(Text)
    handling: Mapped[str] = mapped_column(Text)
    status: Mapped[HandlingStatus] = mapped_column(one_of(HandlingStatus))
    author_name: Mapped[str] = mapped_column(String(80))
    signed_as: Mapped[Role] = mapped_column(one_of(Role))
    signed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    @property
    def authored_as(self) -> Role:
        """The role in which the responsible party signed it."""
        return self.signed_as


async def handling_in_approval(tx: Tx, complaint_id: UUID) -> Handling:
    """The handling its deciders have before them; the complaint's row is locked."""
    found = await tx.scalars(
        select(Handling).where(Handling.complaint_id == complaint_id, Handling.status == HandlingStatus.IN_APPROVAL)
    )
    return found.one()


async def handlings_of(tx: Tx, complaint_id: UUID) -> Sequence[Handling]:
    """The handlings of a complaint, oldest first."""
    found = await tx.scalars(select(Handling).where(Handling.complaint_id == complaint_id).order_by(Handling.number))
    return found.all()
