"""HTTP of price proposals."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.engine import RowMapping

from fangxing import approvals
from fangxing.auth import Principal
from fangxing.clauses import clause
from fangxing.database import Reader, Tx
from fangxing.money import Currency, PositiveYuan, Yuan
from fangxing.text import Paragraph
from fangxing.web.access import allow
from fangxing.web.deciding import Decide
from fangxing.web.edge import Caller, CurrentReader, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.paging import After, Limit, Page, Sort, page
from pricing_svc.prices import service
from pricing_svc.prices.errors import PROPOSAL_NOT_FOUND
from pricing_svc.prices.rules import SIGNERS, STARTERS, Reason, Side
from pricing_svc.prices.store import Opinion, PriceProposal
from pricing_svc.products.rules import Flow
from pricing_svc.products.store import Product
from pricing_svc.readers import COST_READERS, READERS
from pricing_svc.routes import DECIDERS

router = edge_router("price-proposals", "/price-proposals")

Status = Literal["opinions", "draft", "pending", "approved", "rejected", "returned", "withdrawn"]


class Propose(BaseModel):
    """A proposal for a base price, yuan per ton incl. tax; the product's history chooses the flow.

    An adjustment needs price, reason and evidence. For a new product they may wait: finance and production are asked
    first, and the price is drafted with the submission.
    """

    model_config = ConfigDict(extra="forbid")
    product_id: UUID
    base_price: PositiveYuan | None = None
    currency: Currency = "CNY"
    reason: Reason | None = None
    evidence: Paragraph | None = None
    effective_from: date | None = None


class GiveOpinion(BaseModel):
    """One side's opinion on a new product's price, with its cost in yuan per ton."""

    model_config = ConfigDict(extra="forbid")
    side: Side
    cost_per_ton: PositiveYuan
    currency: Currency = "CNY"
    opinion: Paragraph


class Submit(BaseModel):
    """The drafted or revised price, yuan per ton incl. tax; evidence left out stays what it was."""

    model_config = ConfigDict(extra="forbid")
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
    proposed_by: str
    proposed_as: str
    proposed_at: datetime
    status: Status
    price_version: int | None
    opinions: list[OpinionOut]
    approval: dict[str, Any] | None


_COLUMNS = select(PriceProposal.__table__, Product.code.label("product_code")).join_from(PriceProposal, Product)
_JOINED = ("opinions", "approval")


@router.post("", status_code=201)
@allow(*STARTERS["adjustment"])
async def propose(body: Propose, work: CurrentWork) -> ProposalOut:
    """Propose a base price."""
    proposal = await service.propose(
        work,
        product_id=body.product_id,
        base_price=body.base_price,
        reason=body.reason,
        evidence=body.evidence,
        effective_from=body.effective_from,
    )
    return await _changed(work, proposal)


@router.get("")
@allow(*READERS)
async def list_proposals(
    reader: CurrentReader,
    caller: Caller,
    product_id: UUID | None = None,
    status: Status | None = None,
    flow: Flow | None = None,
    sort: Sort = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[ProposalOut]:
    """Proposals, newest first."""
    statement = _COLUMNS
    exact = ((PriceProposal.product_id, product_id), (PriceProposal.status, status), (PriceProposal.flow, flow))
    for column, wanted in exact:
        if wanted is not None:
            statement = statement.where(column == wanted)
    found = await page(
        reader,
        statement,
        dict,
        sorts={"status": PriceProposal.status, "flow": PriceProposal.flow},
        id=PriceProposal.id,
        sort=sort,
        after=after,
        limit=limit,
    )
    cases = await approvals.read_latest(reader, [_document(row) for row in found.items])
    return Page(items=await _shapes(reader, found.items, cases, caller), next=found.next)


@router.get("/{proposal_id}")
@allow(*READERS)
async def get_proposal(proposal_id: UUID, reader: CurrentReader, caller: Caller) -> ProposalOut:
    """One proposal; `approval.hash` is what a decision has to name."""
    row = (await reader.execute(_COLUMNS.where(PriceProposal.id == proposal_id))).mappings().first()
    if row is None:
        raise PROPOSAL_NOT_FOUND(proposal=proposal_id)
    cases = await approvals.read_latest(reader, [_document(row)])
    return (await _shapes(reader, [row], cases, caller))[0]


@router.post("/{proposal_id}/opinions", status_code=201)
@allow(*SIGNERS["finance"], *SIGNERS["production"])
async def give_opinion(proposal_id: UUID, body: GiveOpinion, work: CurrentWork) -> ProposalOut:
    """Sign an opinion on a new product's price, as finance or as production."""
    proposal = await service.give_opinion(
        work, proposal_id, side=body.side, cost_per_ton=body.cost_per_ton, opinion=body.opinion
    )
    return await _changed(work, proposal)


@router.post("/{proposal_id}/submission")
@allow(*STARTERS["adjustment"])
async def submit(proposal_id: UUID, body: Submit, work: CurrentWork) -> ProposalOut:
    """Submit a new product's drafted price, or a returned proposal again."""
    proposal = await service.submit(
        work,
        proposal_id,
        base_price=body.base_price,
        effective_from=body.effective_from,
        evidence=body.evidence,
    )
    return await _changed(work, proposal)


@router.post("/{proposal_id}/withdrawal")
@allow(*STARTERS["adjustment"])
async def withdraw(proposal_id: UUID, work: CurrentWork) -> ProposalOut:
    """Give a proposal up that is not with the deciders."""
    return await _changed(work, await service.withdraw(work, proposal_id))


@router.post("/{proposal_id}/decisions")
@allow(*DECIDERS)
async def decide(proposal_id: UUID, body: Decide, work: CurrentWork) -> ProposalOut:
    """Decide the current step."""
    proposal = await service.decide(work, proposal_id, body.decision, seen_hash=body.seen_hash, comment=body.comment)
    return await _changed(work, proposal)


def _document(row: RowMapping | dict[str, Any]) -> str:
    return f"price-proposal/{row['id']}"


async def _changed(work: CurrentWork, proposal: PriceProposal) -> ProposalOut:
    await work.tx.flush()
    row = (await work.tx.execute(_COLUMNS.where(PriceProposal.id == proposal.id))).mappings().one()
    cases = await approvals.latest(work.tx, [proposal.document])
    return (await _shapes(work.tx, [row], cases, work.actor))[0]


async def _shapes(
    connection: Reader | Tx, rows: list[Any], cases: dict[str, dict[str, Any]], caller: Principal
) -> list[ProposalOut]:
    signed = await connection.execute(
        select(Opinion.__table__).where(Opinion.proposal_id.in_([row["id"] for row in rows])).order_by(Opinion.side)
    )
    opinions: dict[UUID, list[dict[str, Any]]] = {}
    for opinion in signed.mappings():
        plain = {name: opinion[name] for name in OpinionOut.model_fields}
        opinions.setdefault(opinion["proposal_id"], []).append(plain)
    return [
        ProposalOut(
            opinions=[OpinionOut.model_validate(opinion) for opinion in _seen(opinions.get(row["id"], []), caller)],
            approval=_approval(cases.get(_document(row)), caller),
            **{name: row[name] for name in ProposalOut.model_fields if name not in _JOINED},
        )
        for row in rows
    ]


@clause("3-8.2-C")
def _seen(opinions: list[dict[str, Any]], caller: Principal) -> list[dict[str, Any]]:
    """`opinions` as the caller may see them: costs for those allowed to see costs alone."""
    if caller.has(*COST_READERS):
        return opinions
    return [{**opinion, "cost_per_ton": None} for opinion in opinions]


def _approval(case: dict[str, Any] | None, caller: Principal) -> dict[str, Any] | None:
    """`case` as the caller may see it; its hash is still of all that is signed."""
    if case is None:
        return None
    content = case["content"]
    return {**case, "content": {**content, "opinions": _seen(content["opinions"], caller)}}
