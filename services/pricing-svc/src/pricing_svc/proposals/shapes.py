"""What is asked about proposals, and what is answered."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel

from fangxing.money import Currency, PositiveYuan, Yuan
from fangxing.roles import Role
from fangxing.text import Paragraph
from fangxing.validation import Body
from pricing_svc.products.rules import Flow
from pricing_svc.proposals.rules import Reason, Side, Status
from pricing_svc.tables import Row


class Propose(Body):
    """A proposal for a base price, yuan per ton incl. tax; the product's history chooses the flow.

    An adjustment needs price, reason and evidence. For a new product they may wait: finance and production are asked
    first, and the price is drafted with the submission.
    """

    product_id: UUID
    base_price: PositiveYuan | None = None
    currency: Currency = "CNY"
    reason: Reason | None = None
    evidence: Paragraph | None = None
    effective_from: date | None = None


class SignOpinion(Body):
    """One side's opinion on a new product's price, with its cost in yuan per ton."""

    side: Side
    cost_per_ton: PositiveYuan
    currency: Currency = "CNY"
    opinion: Paragraph


class Submit(Body):
    """The drafted or revised price, yuan per ton incl. tax; evidence left out stays what it was."""

    base_price: PositiveYuan
    currency: Currency = "CNY"
    evidence: Paragraph | None = None
    effective_from: date | None = None


class OpinionOut(BaseModel):
    """A signed opinion; `cost_per_ton` is null for a caller who may not see costs."""

    side: Side
    cost_per_ton: Yuan | None
    opinion: str
    signed_by: str
    signed_at: datetime

    @classmethod
    def show(cls, opinion: Row) -> Self:
        """The opinion of a row, as its reader may see it."""
        return cls.model_validate(opinion)


class ProposalOut(BaseModel):
    """A proposal with its opinions; `approval` is null until it is submitted, `price_version` until it is approved."""

    id: UUID
    product_id: UUID
    product_code: str
    flow: Flow
    base_price: Yuan | None
    reason: Reason | None
    evidence: str | None
    effective_from: date | None
    author: str
    author_role: Role
    created_at: datetime
    status: Status
    price_version: int | None
    opinions: list[OpinionOut]
    approval: dict[str, Any] | None

    @classmethod
    def show(cls, proposal: Row, opinions: Iterable[Row], approval: dict[str, Any] | None) -> Self:
        """The proposal of a row with its opinions and its case, both as their reader may see them."""
        signed = [OpinionOut.show(opinion) for opinion in opinions]
        return cls.model_validate({**proposal, "opinions": signed, "approval": approval})
