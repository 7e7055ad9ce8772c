"""Whose paper it is."""

from fangxing.auth import Principal
from fangxing_testing.toy.papers.rules import Action
from fangxing_testing.toy.papers.store import Paper


def fits(paper: Paper, actor: Principal, action: Action) -> bool:
    """Whether `actor` may take `action`: a paper is taken back by its author alone."""
    return action is not Action.WITHDRAW or paper.author in actor.persons
