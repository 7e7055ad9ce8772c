"""The people of the toy writer at their desks: breaches and words by phone, and who is concerned by them."""

from datetime import timedelta
from typing import Any

import httpx

from fangxing.breaches.opening import open_breach
from fangxing.ids import new_id
from fangxing.roles import Role
from fangxing.running import timers
from fangxing.text import Text
from fangxing_testing.harness import FixedClock, ServiceUnderTest
from fangxing_testing.toy.breaches import CARELESS, TIMERS

PEOPLE = {
    "wang": (Role.SALES_REP,),
    "zhao": (Role.SALES_REP,),
    "manager": (Role.SALES_MANAGER,),
    "gm": (Role.GENERAL_MANAGER,),
    "audit": (Role.AUDIT_MANAGER,),
    "finance": (Role.FINANCE_MANAGER,),
    "guard": (Role.GATE_GUARD,),
}


class Office:
    """The toy writer, and short ways to call it as one of its people; `held` are a person's roles."""

    def __init__(self, writer: ServiceUnderTest, clock: FixedClock) -> None:
        self.writer = writer
        self.clock = clock
        self.held: dict[str, tuple[Role, ...]] = dict(PEOPLE)

    def as_(self, person: str, language: str = "en") -> dict[str, str]:
        """The headers of `person`."""
        return {**self.writer.identities.headers(person, *self.held[person]), "Accept-Language": language}

    async def get(self, person: str, path: str, /, **query: Any) -> Any:
        """GET as `person`, and it must succeed."""
        answer = await self.writer.get(path, as_=self.as_(person), **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, person: str, path: str, body: Any = None) -> httpx.Response:
        """POST as `person`."""
        return await self.writer.post(path, body, as_=self.as_(person))

    async def done(self, person: str, path: str, body: Any = None) -> dict[str, Any]:
        """POST as `person`, and it must succeed."""
        answer = await self.post(person, path, body)
        assert answer.status_code in (200, 201), answer.text
        content: dict[str, Any] = answer.json()
        return content

    async def refused(self, person: str, path: str, body: Any = None) -> str:
        """POST as `person`, and it must fail: the slug."""
        answer = await self.post(person, path, body)
        assert answer.status_code >= 400, answer.text
        slug: str = answer.json()["slug"]
        return slug

    async def tasks(self, person: str) -> list[str]:
        """The kinds of the open tasks of `person`, oldest first."""
        return [task["kind"] for task in (await self.get(person, "/tasks", sort="id"))["items"]]

    async def breach(self, person: str = "wang", acted_as: Role = Role.SALES_REP, about: str | None = None) -> str:
        """A breach that the system opened; its address."""
        async with self.writer.runtime.unit_of_work() as unit:
            breach = await open_breach(
                unit,
                CARELESS,
                about=about or f"note/{new_id()}",
                person=person,
                acted_as=acted_as,
                evidence=Text("看不清", "cannot be read"),
            )
        return f"/breaches/{breach.id}"

    async def next_day(self, days: int = 1) -> None:
        """The daily timers run for each day that comes."""
        for _ in range(days):
            self.clock.advance(days=1)
            async with self.writer.runtime.unit_of_work() as unit:
                await timers.step(unit, TIMERS[0])

    def word(self, **more: Any) -> dict[str, Any]:
        """The body of a word of the manager's, given an hour ago, for at most 1,000 yuan until tonight."""
        now = self.clock.now()
        return {
            "channel": "note",
            "superior": "manager",
            "superior_role": "sales_manager",
            "given_at": (now - timedelta(hours=1)).isoformat(),
            "expires_at": (now + timedelta(hours=6)).isoformat(),
            "scope": "便条",
            "most_value": "1000.00",
            **more,
        }

    async def registered(self, person: str = "wang", **more: Any) -> dict[str, Any]:
        """A word that was taken."""
        judged = await self.done(person, "/phone-words", self.word(**more))
        word: dict[str, Any] = judged["word"]
        return word
