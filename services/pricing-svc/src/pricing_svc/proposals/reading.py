"""Reading proposals with their opinions and their cases, as the caller may see them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from fangxing import approvals
from fangxing.auth import Principal
from fangxing.database import Reader
from fangxing.work import Work
from pricing_svc.proposals.access import case_seen_by, seen_by
from pricing_svc.proposals.shapes import ProposalOut
from pricing_svc.proposals.store import PriceProposal, document_of, opinion_rows, proposal_row
from pricing_svc.tables import Row


async def read_proposal(reader: Reader, proposal_id: UUID, caller: Principal) -> ProposalOut:
    """One proposal; raises `price-proposal-not-found`."""
    [proposal] = await read_proposals(reader, [await proposal_row(reader, proposal_id)], caller)
    return proposal


async def read_proposals(reader: Reader, rows: Sequence[Row], caller: Principal) -> list[ProposalOut]:
    """The proposals of `rows`."""
    ids = [row["id"] for row in rows]
    cases = await approvals.read_latest(reader, [document_of(one) for one in ids])
    return _shown(rows, await opinion_rows(reader, ids), cases, caller)


async def read_changed(work: Work, proposal: PriceProposal) -> ProposalOut:
    """The proposal as the unit of work leaves it."""
    await work.tx.flush()
    cases = await approvals.latest(work.tx, [proposal.document])
    row, opinions = await proposal_row(work.tx, proposal.id), await opinion_rows(work.tx, [proposal.id])
    [shown] = _shown([row], opinions, cases, work.actor)
    return shown


def _shown(
    rows: Sequence[Row], signed: Sequence[Row], cases: Mapping[str, dict[str, Any]], caller: Principal
) -> list[ProposalOut]:
    opinions: dict[UUID, list[dict[str, Any]]] = {}
    for opinion in signed:
        opinions.setdefault(opinion["proposal_id"], []).append(seen_by(caller, opinion))
    shown = []
    for row in rows:
        case = cases.get(document_of(row["id"]))
        approval = case_seen_by(caller, case) if case else None
        shown.append(ProposalOut.show(row, opinions.get(row["id"], ()), approval))
    return shown
