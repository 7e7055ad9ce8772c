"""The unit of work: one transaction, one actor, one moment. Use cases take it as their first argument.

What only reads takes a `Look` instead.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fangxing.auth import SYSTEM, Principal
from fangxing.calendar import WorkingDays
from fangxing.clock import BusinessTime
from fangxing.database import Reader, Tx
from fangxing.organisation.days import FACTORY, working_days
from fangxing.organisation.people import not_in_role, wrong_role
from fangxing.policies import PolicyBook, PolicyRegistry, load
from fangxing.roles import Role
from fangxing.text import Language


@dataclass(frozen=True, slots=True)
class Look:
    """What it takes to read for somebody: a connection, who is asking, the language he reads, and the moment."""

    reader: Reader
    caller: Principal
    language: Language
    time: BusinessTime

    @property
    def today(self) -> date:
        """The business date at the factory."""
        return self.time.today


def _nobody(role: Role) -> Sequence[str]:
    return ()


@dataclass(slots=True)
class Work:
    """Everything a use case needs and nothing it has to look for.

    `tx` is committed by whoever opened the work (the HTTP edge, the inbox, a timer), never by a use case.
    `signing_key` is the service's own: it signs exit passes and the heads of the decision log.
    `staff_required`: whoever has no staff record holds no role. `channels_of` names the channels on which a role is
    told of its tasks.
    """

    tx: Tx
    time: BusinessTime
    system_now: datetime
    policy_registry: PolicyRegistry
    signing_key: Ed25519PrivateKey
    actor: Principal = SYSTEM
    staff_required: bool = False
    channels_of: Callable[[Role], Sequence[str]] = _nobody
    traceparent: str | None = None
    _policies: PolicyBook | None = field(default=None, repr=False)

    @property
    def today(self) -> date:
        """The business date at the factory."""
        return self.time.today

    @property
    def now(self) -> datetime:
        """The business moment."""
        return self.time.now

    async def policies(self) -> PolicyBook:
        """The policies in effect today, read once per unit of work."""
        if self._policies is None:
            self._policies = await load(self.tx, self.policy_registry, self.today)
        return self._policies

    async def check_in_role(self, subject: str, role: Role) -> None:
        """Raise `staff-not-in-role` unless `subject` is staff who holds `role` today (see `people.not_in_role`)."""
        if await self.not_in_role({subject}, role):
            raise wrong_role(role)

    async def not_in_role(self, subjects: Collection[str], role: Role) -> set[str]:
        """Those of `subjects` who are no staff that holds `role` today (see `people.not_in_role`)."""
        return await not_in_role(self.tx, subjects, role, self.today, required=self.staff_required)

    async def working_days(self, place: str = FACTORY) -> WorkingDays:
        """The factory's working days, or those of the warehouse `place`."""
        return await working_days(self.tx, place)

    async def look(self, language: Language = "zh-CN") -> Look:
        """A look by the actor at what this unit of work has done so far."""
        await self.tx.flush()
        return Look(await self.tx.connection(), self.actor, language, self.time)
