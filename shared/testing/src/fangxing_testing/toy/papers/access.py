"""Whose paper it is."""

from collections.abc import Sequence

from fangxing.auth import Principal
from fangxing.database import Tx
from fangxing.offers import Fits, fitting
from fangxing.policies import PolicyBook
from fangxing_testing.toy.papers.rules import Action
from fangxing_testing.toy.papers.store import Paper


def fits(paper: Paper, actor: Principal, action: Action) -> bool:
    """Whether `actor` may take `action`: a paper is taken back by its author alone."""
    return action is not Action.WITHDRAW or paper.author in actor.persons


@fitting(Paper)
async def fits_papers(tx: Tx, papers: Sequence[Paper], book: PolicyBook) -> Fits:
    """`fits`, for whatever offers something of papers."""
    return fits
