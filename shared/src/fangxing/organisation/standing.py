"""Who is let in, and in which roles: what is on record, remembered for a bounded time."""

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date
from typing import Final

from fangxing.auth import Principal
from fangxing.clock import SystemClock, business_time
from fangxing.database import Database
from fangxing.organisation.people import STAFF_UNKNOWN, STANDING, Standing, standing

_MOST: Final = 4096


@dataclass(slots=True)
class _Known:
    """What is on record about one subject, until when it counts, and who he last was by it."""

    until: float
    standing: Standing
    last: tuple[Principal, date, Principal] | None = None


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
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._asking: dict[str, asyncio.Task[_Known]] = {}

    async def principal(self, token: Principal, *, whoever: bool = False) -> Principal:
        """Who the bearer of `token` is: in the roles that he holds today, himself or as a deputy.

        Raises `staff-switched-off`; unless it is all the same (`whoever`) `staff-unknown`; and OSError where the
        database does not answer.
        """
        known = await self._on_record(token.id)
        found = known.standing
        today = business_time(self._clock.now(), found.days_ahead).today
        if known.last is None or known.last[0] is not token or known.last[1] != today:
            known.last = (token, today, found.principal(token, today, required=self.required))
        principal = known.last[2]
        if found.active is None and self.required and not principal.held and not whoever:
            raise STAFF_UNKNOWN()
        return principal

    def forget(self) -> None:
        """Ask again about everybody."""
        self._known.clear()

    async def _on_record(self, subject: str) -> _Known:
        known = self._known.get(subject)
        if known is not None and time.monotonic() < known.until:
            return known
        # whoever comes meanwhile waits for the same answer: a crowd of one person's requests is one look
        if subject not in self._asking:
            task = self._asking[subject] = asyncio.create_task(self._ask(subject))
            task.add_done_callback(lambda _: self._asking.pop(subject, None))
        return await asyncio.shield(self._asking[subject])

    async def _ask(self, subject: str) -> _Known:
        asked = time.monotonic()
        row = await self._database.look_up(STANDING, subject, business_time(self._clock.now(), 0).today)
        if row is None:
            raise OSError("the database has no business clock")
        found = self._known[subject] = _Known(asked + self._seconds, standing(row))
        self._known.move_to_end(subject)
        if len(self._known) > _MOST:
            self._known.popitem(last=False)
        return found
