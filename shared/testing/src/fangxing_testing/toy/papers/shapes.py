"""What is asked and answered about papers."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from fangxing.answers import ApprovalOut
from fangxing.text import Line
from fangxing.validation import Body
from fangxing_testing.toy.papers.rules import Action, Status
from fangxing_testing.toy.papers.store import Paper


class FilePaper(Body):
    """A paper for the deciders of its band."""

    title: Line
    band: Literal["large", "small"] = "small"


class PaperRow(BaseModel):
    """A paper in a list."""

    id: UUID
    title: str
    status: Status
    author: str


class PaperOut(BaseModel):
    """A paper, what the caller may try with it, and its approval."""

    id: UUID
    title: str
    status: Status
    author: str
    actions: list[Action]
    approval: ApprovalOut

    @classmethod
    def show(cls, paper: Paper, actions: list[str], approval: ApprovalOut) -> "PaperOut":
        """The paper as it is shown."""
        plain = {name: getattr(paper, name) for name in ("id", "title", "status", "author")}
        return cls.model_validate({**plain, "actions": actions, "approval": approval})
