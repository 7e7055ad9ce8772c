"""Tables and SQL of the proposals feature: proposals with their opinions."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from fangxing.database import Reader, flush_unique
from fangxing.database.types import YUAN, one_of
from fangxing.documents import Documented
from fangxing.roles import Role
from fangxing.work import Work
from pricing_svc.products.rules import Flow
from pricing_svc.proposals.errors import PROPOSAL_UNDER_WAY
from pricing_svc.proposals.rules import FINAL, MOVES, ProposalStatus, Reason, Side
from pricing_svc.proposals.words import WORDS
from pricing_svc.tables import Row, Table


class PriceProposal(Documented, Table):
    """A proposal for a base price, by the flow that the product's history asked for when it was made."""

    __tablename__ = "price_proposals"
    __table_args__ = (
        CheckConstraint("base_price > 0", name="base_price"),
        Index("ix_price_proposals_product", "product_id", "id"),
        Index("ix_price_proposals_status", "status", "id"),
        Index("ix_price_proposals_flow", "flow", "id"),
        Index(
            "uq_price_proposals_open",
            "product_id",
            unique=True,
            postgresql_where="status IN ('opinions', 'draft', 'in_approval')",
        ),
    )
    document_kind, moves, final, words = "price-proposal", MOVES, FINAL, WORDS

    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id"))
    flow: Mapped[Flow] = mapped_column(one_of(Flow))
    base_price: Mapped[Decimal | None] = mapped_column(YUAN)
    reason: Mapped[Reason | None] = mapped_column(one_of(Reason))
    evidence: Mapped[str | None] = mapped_column(Text)
    effective_from: Mapped[date | None] = mapped_column(Date)
    author_role: Mapped[Role] = mapped_column(one_of(Role))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    status: Mapped[ProposalStatus] = mapped_column(one_of(ProposalStatus))
    price_version: Mapped[int | None]

    @property
    def authored_as(self) -> Role:
        """The role in which its author started the flow."""
        return self.author_role


class Opinion(Table):
    """What finance or production says to a new product's price: its cost in yuan per ton, signed once (3-6)."""

    __tablename__ = "price_opinions"
    __table_args__ = (CheckConstraint("cost_per_ton > 0", name="cost_per_ton"),)

    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("price_proposals.id"), primary_key=True)
    side: Mapped[Side] = mapped_column(one_of(Side), primary_key=True)
    cost_per_ton: Mapped[Decimal] = mapped_column(YUAN)
    opinion: Mapped[str] = mapped_column(Text)
    signed_by: Mapped[str] = mapped_column(String(80))
    signed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


async def opinion_rows(connection: Reader, proposal_ids: Collection[UUID]) -> Sequence[Row]:
    """The opinions on these proposals, each proposal's in the order of the sides."""
    opinions = select(Opinion.__table__).where(Opinion.proposal_id.in_(proposal_ids)).order_by(Opinion.side)
    return (await connection.execute(opinions)).mappings().all()


async def opinions_on(work: Work, proposal: PriceProposal) -> dict[Side, Opinion]:
    """The opinions signed so far, by side."""
    signed = await work.tx.scalars(select(Opinion).where(Opinion.proposal_id == proposal.id).order_by(Opinion.side))
    return {opinion.side: opinion for opinion in signed}


async def write_as_only_open(work: Work) -> None:
    """Write what was changed; raises `price-proposal-under-way`, as one proposal per product may be open."""
    await flush_unique(work.tx, {"uq_price_proposals_open": PROPOSAL_UNDER_WAY()})
