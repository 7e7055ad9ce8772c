"""Who is let in, and in which roles: what is on record, remembered for a bounded time."""

import time
from collections import OrderedDict
from typing import Final

from fangxing.auth import Principal
from fangxing.clock import SystemClock, business_time
from fangxing.database import Database
from fangxing.organisation.people import STAFF_UNKNOWN, STANDING, Standing, standing

_MOST: Final = 4096


class People:
    """The standing of whoever calls, asked at most once in `seconds`, so that a queue at the gate pays no round trip.

    A leaver is therefore out everywhere after the lag of the events and these seconds. `required`: whoever has no
    staff record holds no role.
    """

    def __init__(self, database: Database, clock: SystemClock, *, seconds: float, required: bool) -> None:
        self.required = required
        self._database = database
        self._clock = clock
        self._seconds = seconds
        self._known: OrderedDict[str, tuple[float, Standing]] = OrderedDict()

    async def principal(self, token: Principal, *, whoever: bool = False) -> Principal:
        """Who the bearer of `token` is: in the roles that he holds today, himself or as a deputy.

        Raises `staff-switched-off`; unless it is all the same (`whoever`) `staff-unknown`; and OSError where the
        database does not answer.
        """
        found = await self._standing(token.id)
        today = business_time(self._clock.now(), found.days_ahead).today
        principal = found.principal(token, today, required=self.required)
        if found.active is None and self.required and not principal.held and not whoever:
            raise STAFF_UNKNOWN()
        return principal

    def forget(self) -> None:
        """Ask again about everybody."""
        self._known.clear()

    async def _standing(self, subject: str) -> Standing:
        known = self._known.get(subject)
        if known is not None and time.monotonic() < known[0]:
            return known[1]
        asked = time.monotonic()
        row = await self._database.look_up(STANDING, subject, business_time(self._clock.now(), 0).today)
        if row is None:
            raise OSError("the database has no business clock")
        found = standing(row)
        self._known[subject] = (asked + self._seconds, found)
        self._known.move_to_end(subject)
        if len(self._known) > _MOST:
            self._known.popitem(last=False)
        return found
