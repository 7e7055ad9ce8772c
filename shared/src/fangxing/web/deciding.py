"""The body of every decision on an approval."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from fangxing.approvals import Decision
from fangxing.text import Paragraph


class Decide(BaseModel):
    """A decision on the current step; `seen_hash` is `approval.hash` of what the decider saw."""

    model_config = ConfigDict(extra="forbid")
    decision: Decision
    seen_hash: Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
    comment: Paragraph | None = None
