"""What is asked about proposals, and what is answered."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from fangxing.answers import ApprovalOut
from fangxing.money import Currency, PositiveYuan, Yuan
from fangxing.roles import Role
from fangxing.sight import SeenBy
from fangxing.text import Paragraph, Text
from fangxing.validation import Body
from pricing_svc.prices.access import MONEY
from pricing_svc.prices.rules import PriceStatus, Version
from pricing_svc.products.rules import Flow, Lifecycle
from pricing_svc.proposals.access import COSTS
from pricing_svc.proposals.rules import ProposalAction, ProposalStatus, Reason, Side
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


class SignedOpinion(BaseModel):
    """What one side said of a new product's price."""

    side: Side
    cost_per_ton: Annotated[Yuan | None, SeenBy(COSTS)]
    opinion: str
    signed_by: str


class OpinionOut(SignedOpinion):
    """A signed opinion."""

    signed_at: datetime

    @classmethod
    def show(cls, opinion: Row) -> Self:
        """The opinion of a row."""
        return cls.model_validate(dict(opinion))


class PricedProduct(BaseModel):
    """The product as it was when its price was submitted."""

    id: UUID
    code: str
    name: str
    family: str
    lifecycle: Lifecycle


class PriceVersion(BaseModel):
    """A version of the product's price when another one was submitted."""

    price_version: int
    base_price: Annotated[Yuan | None, SeenBy(MONEY)]
    status: PriceStatus
    effective_from: date

    @classmethod
    def show(cls, version: Version) -> Self:
        """The version as it is shown."""
        return cls(
            price_version=version.number,
            base_price=version.price,
            status=version.status,
            effective_from=version.effective_from,
        )


class ProposalContent(BaseModel):
    """What the deciders see and sign: the price with its reason, the product, its price so far, and the opinions.

    `dropped_steps` are those of the route that the one who submitted would have signed himself.
    """

    proposal: UUID
    product: PricedProduct
    flow: Flow
    base_price: Annotated[Yuan | None, SeenBy(MONEY)]
    status: PriceStatus
    effective_from: date | None
    reason: Reason | None
    evidence: str | None
    author: str
    in_force: PriceVersion | None
    latest: PriceVersion | None
    opinions: list[SignedOpinion]
    dropped_steps: list[Role]


class ProposalApproval(ApprovalOut):
    """The approval of a price; its hash is of all that is signed, also of what the caller does not see."""

    model_config = ConfigDict(title="ProposalApproval")
    content: ProposalContent  # type: ignore[assignment]  # free JSON elsewhere


class ProposalOut(BaseModel):
    """A proposal with its opinions; `approval` is null until it is submitted, `price_version` until it is approved."""

    id: UUID
    product_id: UUID
    product_code: Annotated[str, Text("产品编号", "product code")]
    product_name: Annotated[str, Text("产品名称", "product name")]
    flow: Annotated[Flow, Text("定价流程", "flow")]
    base_price: Annotated[
        Yuan | None, SeenBy(MONEY), Text("基准价格（元/吨，含税）", "base price (yuan per ton, incl. tax)")
    ]
    reason: Annotated[Reason | None, Text("原因", "reason")]
    evidence: Annotated[str | None, Text("依据", "evidence")]
    effective_from: Annotated[date | None, Text("生效日期", "effective from")]
    author: Annotated[str, Text("申请人", "author")]
    author_name: Annotated[str | None, Text("申请人姓名", "author's name")]
    author_role: Annotated[Role, Text("申请人岗位", "author's role")]
    created_at: Annotated[datetime, Text("申请时间", "created at")]
    status: Annotated[ProposalStatus, Text("状态", "status")]
    price_version: Annotated[int | None, Text("价格版本", "price version")]
    opinions: list[OpinionOut]
    approval: ProposalApproval | None

    @classmethod
    def show(cls, proposal: Row, opinions: Iterable[Row], approval: Mapping[str, Any] | None) -> Self:
        """The proposal of a row with its opinions and its newest case, as `approvals.summary` shows it."""
        signed = [OpinionOut.show(opinion) for opinion in opinions]
        return cls.model_validate({**proposal, "opinions": signed, "approval": approval})


class ProposalDetail(ProposalOut):
    """A proposal, and what the caller may try with it."""

    actions: list[ProposalAction]

    @classmethod
    def with_actions(cls, proposal: ProposalOut, actions: Iterable[str]) -> Self:
        """`proposal` with its `actions`."""
        return cls(**dict(proposal), actions=[ProposalAction(action) for action in actions])
