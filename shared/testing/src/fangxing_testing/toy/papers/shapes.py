"""What is asked and answered about papers."""

from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel

from fangxing.text import Line
from fangxing.validation import Body
from fangxing_testing.toy.papers.rules import Status
from fangxing_testing.toy.papers.store import Paper


class FilePaper(Body):
    """A paper for the deciders of its band."""

    title: Line
    band: Literal["large", "small"] = "small"


class PaperOut(BaseModel):
    """A paper, what the caller may try with it, and its approval."""

    id: UUID
    title: str
    status: Status
    author: str
    actions: list[str]
    approval: dict[str, Any]

    @classmethod
    def show(cls, paper: Paper, actions: list[str], approval: dict[str, Any]) -> "PaperOut":
        """The paper as it is shown."""
        return cls(
            id=paper.id,
            title=paper.title,
            status=paper.status,
            author=paper.author,
            actions=actions,
            approval=approval,
        )
