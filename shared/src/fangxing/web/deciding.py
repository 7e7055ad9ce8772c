"""The body of every decision on an approval."""

from typing import Annotated

from pydantic import StringConstraints

from fangxing.approvals import Decision
from fangxing.text import Paragraph
from fangxing.validation import Body


class Decide(Body):
    """A decision on the current step; `seen_hash` is `approval.hash` of what the decider saw."""

    decision: Decision
    seen_hash: Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
    comment: Paragraph | None = None
