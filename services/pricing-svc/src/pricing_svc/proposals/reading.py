"""Reading proposals with their opinions and their cases."""

from collections.abc import Sequence
from uuid import UUID

from fangxing import approvals
from fangxing.work import Look
from pricing_svc.proposals.shapes import ProposalOut
from pricing_svc.proposals.store import PriceProposal, opinion_rows
from pricing_svc.tables import Row


async def read_proposals(look: Look, rows: Sequence[Row]) -> list[ProposalOut]:
    """The proposals of `rows`."""
    ids = [row["id"] for row in rows]
    cases = await approvals.read_latest(look.reader, [PriceProposal.named(one) for one in ids])
    opinions: dict[UUID, list[Row]] = {}
    for opinion in await opinion_rows(look.reader, ids):
        opinions.setdefault(opinion["proposal_id"], []).append(opinion)
    return [
        ProposalOut.show(row, opinions.get(row["id"], ()), cases.get(PriceProposal.named(row["id"]))) for row in rows
    ]
