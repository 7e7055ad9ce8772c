"""Returning a proposal to its author: the next step is his."""

from fangxing.tasks import open_task
from fangxing.text import Text
from fangxing.work import Work
from pricing_svc.proposals.rules import Status
from pricing_svc.proposals.store import PriceProposal


def return_to_author(work: Work, proposal: PriceProposal, status: Status, *, kind: str, title: Text) -> None:
    """Put the locked proposal into `status`, in which its author has to act, and give him the task."""
    proposal.status = status
    open_task(
        work,
        kind=kind,
        role=proposal.author_role,
        document=proposal.document,
        clause="3-6",
        title=title,
        assignee=proposal.author,
    )
