"""The channels of a service: what its people may do on a superior's word, and the days its papers take."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from fangxing.breaches.rules import BreachKind
from fangxing.phone.rules import CALLERS, SUPERIORS, Bound, Liable
from fangxing.policies import Policy
from fangxing.roles import Role
from fangxing.text import Text

Days = Annotated[int, Field(ge=0, le=30)]


@dataclass(frozen=True)
class Channel:
    """Words by phone about one matter of a clause.

    `papers_days` is the policy of the working days, after the call, in which `liable` brings the papers and the
    superior confirms; without a value both are due on the day of the call. Papers that are `missed` are a breach, and
    so is a word `denied`. Raises ValueError for a role that never acts on a word or gives one.
    """

    slug: str
    clause: str
    text: Text
    callers: frozenset[Role]
    superiors: frozenset[Role]
    bound: Bound
    liable: Liable
    papers_days: Policy[int]
    missed: BreachKind
    denied: BreachKind

    def __post_init__(self) -> None:
        if not (self.callers <= CALLERS and self.superiors <= SUPERIORS):
            raise ValueError(f"{self.slug}: a role that never acts on a word by phone or gives one")


def papers_policy(key: str, clause: str, owner: Role = Role.SALES_MANAGER) -> Policy[int]:
    """The policy of the working days in which the papers of a word by phone are due; one at first."""
    return Policy(
        key=key,
        type=Days,
        owner=owner,
        clause=clause,
        text=Text("电话授权后补手续的工作日数", "working days after a word by phone in which its papers are due"),
        initial=1,
        widens=True,
    )
