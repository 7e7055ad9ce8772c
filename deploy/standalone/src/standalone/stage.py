"""What the scenes of the story share: who plays, where, what is known so far, and the checks to the cent."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from fangxing.text import Text
from standalone.client import Client, UnexpectedAnswerError, WaitedInVainError, eventually

Json = dict[str, Any]


class WrongFigureError(AssertionError):
    """A figure is not what the story expects, or the services do not agree on it."""


class Narrator(Protocol):
    """Tells the audience what happens."""

    def chapter(self, letter: str, title: Text) -> None:
        """A part of the story begins; `letter` is its place in the list of what the flow must do."""
        ...

    def step(self, who: str, text: Text) -> None:
        """Somebody did something."""
        ...

    def verdict(self, zh: Mapping[str, Any], en: Mapping[str, Any] | None = None) -> None:
        """A rule answered; the verdict in Chinese, and in English where it was read again."""
        ...

    def exposure(self, customer: Mapping[str, Any], shipping: Mapping[str, Any]) -> None:
        """Both services agree; the credit account as each of them shows it."""
        ...


@dataclass
class Stage:
    """The story so far. `tag` makes numbers that must be unique, so that it may be played again on the same data.

    `patience` is how many seconds the services may take to agree on a figure.
    """

    client: Client
    narrator: Narrator
    tag: str = field(default_factory=lambda: secrets.token_hex(3).upper())
    ids: dict[str, str] = field(default_factory=dict)
    today: date = date.min
    patience: float = 60.0

    async def get(self, who: str, service: str, path: str, **query: Any) -> Any:
        """See `Client.get`."""
        return await self.client.get(who, service, path, **query)

    async def post(self, who: str, service: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """See `Client.post`."""
        return await self.client.post(who, service, path, body)

    def tell(self, who: str, zh: str, en: str) -> None:
        """Say that somebody did something."""
        self.narrator.step(who, Text(zh, en))

    async def decide(self, who: str, service: str, path: str, document: Json, decision: str = "approve") -> Json:
        """`who` decides on what is shown to him in `document`; the document as it stands afterwards."""
        answer: Json = await self.post(
            who, service, f"{path}/decisions", {"decision": decision, "seen_hash": document["approval"]["hash"]}
        )
        return answer

    async def seen_by(self, who: str, service: str, path: str) -> Json:
        """A document that `who` can read at `path`, as soon as the service has heard of it."""
        return await self._once_heard(f"{service}{path}", lambda: self.get(who, service, path))

    async def post_once_heard(self, who: str, service: str, path: str, body: Mapping[str, Any]) -> Json:
        """Post something that names documents of other services, as soon as this service has heard of them."""
        return await self._once_heard(f"POST {service}{path}", lambda: self.post(who, service, path, body))

    async def _once_heard(self, what: str, request: Callable[[], Awaitable[Json]]) -> Json:
        refusal = ""

        async def probe() -> Json | None:
            nonlocal refusal
            try:
                return await request()
            except UnexpectedAnswerError as error:
                if error.status != 404:
                    raise
                refusal = str(error)
                return None

        try:
            return await eventually(probe, what)
        except WaitedInVainError as error:
            raise WaitedInVainError(f"{error}; last answer: {refusal}") from None

    async def agree(self, exposure: str, **others: str) -> None:
        """Wait until both services show the exposure, and each of `others` where it shows that figure at all.

        Raises `WrongFigureError` with what they show instead when they do not get there.
        """
        path = f"/credit-accounts/{self.ids['account']}"
        expected = {"exposure": exposure, **others}
        shown: list[Json] = [{}, {}]

        async def probe() -> list[Json] | None:
            shown[:] = await asyncio.gather(*(self._account(service, path) for service in ("customer", "shipping")))
            return shown if all(_matches(account, expected) for account in shown) else None

        try:
            await eventually(probe, f"exposure {exposure}", seconds=self.patience)
        except WaitedInVainError as error:
            raise WrongFigureError(_difference(expected, *shown)) from error
        self.narrator.exposure(*shown)

    async def _account(self, service: str, path: str) -> Json:
        """The credit account as the service shows it; empty where it has not heard of it."""
        try:
            account: Json = await self.get("finance", service, path)
        except UnexpectedAnswerError as error:
            if error.status != 404:
                raise
            return {}
        return account

    async def show_verdict(self, document: Json, path: str) -> None:
        """Tell the verdict of a document of shipping-svc, which is read once more for its English."""
        english = await self.client.get("finance", "shipping", path, language="en")
        self.narrator.verdict(document["verdict"], english.get("verdict"))

    def expect(self, what: str, found: object, expected: object) -> None:
        """Raise `WrongFigureError` unless `found` is what is expected."""
        if found != expected:
            raise WrongFigureError(f"{what}: expected {expected}, found {found}")

    async def advance(self, days: int) -> None:
        """Move business time forward in every service, and stay in step with it."""
        for service in self.client.services:
            await self.post("admin", service, "/business-time/advance", {"days": days})
        await self.read_clock()

    async def read_clock(self) -> None:
        """Take over the business date."""
        time = await self.get("admin", "customer", "/business-time")
        self.today = date.fromisoformat(time["today"])


def _matches(account: Json, expected: Mapping[str, str]) -> bool:
    return account.get("exposure") == expected["exposure"] and all(
        account[name] == value for name, value in expected.items() if name in account
    )


def _difference(expected: Mapping[str, str], customer: Json, shipping: Json) -> str:
    lines = ["the services do not agree with the story:"]
    for name, value in expected.items():
        lines.append(
            f"  {name}: expected {value}, customer-svc {customer.get(name)}, shipping-svc {shipping.get(name)}"
        )
    return "\n".join(lines)
