"""A small client for people and devices: signs in, sends idempotency keys, and tries again what may be tried again."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from types import TracebackType
from typing import Any, Self, TypeVar
from uuid import uuid4

import httpx

from fangxing.text import Language
from standalone.identity import DEMO_PASSWORD

_TRY_SECONDS = 30.0
_PAUSE_SECONDS = 0.2
_WAIT_SECONDS = 60.0
_POLL_SECONDS = 0.1

T = TypeVar("T")
TokenSource = Callable[[str], Awaitable[str]]
"""Gives the bearer token of a username."""


class UnexpectedAnswerError(AssertionError):
    """A service answered something else than the caller can go on with."""

    def __init__(self, response: httpx.Response) -> None:
        request = response.request
        super().__init__(f"{request.method} {request.url} answered {response.status_code}: {response.text[:2000]}")
        self.status = response.status_code


class WaitedInVainError(AssertionError):
    """Something did not come about in time."""


class Client:
    """Talks to the services as whoever is named. `services` maps short names to base addresses."""

    def __init__(self, services: Mapping[str, str], tokens: TokenSource) -> None:
        self.services = dict(services)
        self._tokens = tokens
        self._http = httpx.AsyncClient(timeout=30.0, trust_env=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def get(self, who: str, service: str, path: str, *, language: Language = "zh-CN", **query: Any) -> Any:
        """What `who` reads at `path`; raises `UnexpectedAnswerError` unless the answer is a success."""
        return await self._send("GET", service, path, await self._bearer(who), language, query=query)

    async def post(
        self, who: str, service: str, path: str, body: Mapping[str, Any] | None = None, *, key: str | None = None
    ) -> Any:
        """What the service answers when `who` posts `body`; `key` is the idempotency key, a fresh one by default."""
        headers = {**await self._bearer(who), "Idempotency-Key": key or uuid4().hex}
        return await self._send("POST", service, path, headers, "zh-CN", body=body or {})

    async def post_as_device(
        self, device_key: str, service: str, path: str, body: Mapping[str, Any], *, language: Language = "zh-CN"
    ) -> Any:
        """What the service answers a device; its sequence numbers take the place of the idempotency key."""
        headers = {"Authorization": f"Device {device_key}"}
        return await self._send("POST", service, path, headers, language, body=body)

    async def _bearer(self, who: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {await self._tokens(who)}"}

    async def _send(
        self,
        method: str,
        service: str,
        path: str,
        headers: Mapping[str, str],
        language: Language,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Any:
        """Send until there is an answer other than 503: the same key makes a repeat harmless."""
        deadline = time.monotonic() + _TRY_SECONDS
        while True:
            try:
                response = await self._http.request(
                    method,
                    self.services[service] + path,
                    headers={**headers, "Accept-Language": language},
                    params=query or None,
                    json=body,
                )
            except httpx.TransportError:
                if time.monotonic() >= deadline:
                    raise
            else:
                if response.is_success:
                    return response.json()
                if response.status_code != 503 or time.monotonic() >= deadline:
                    raise UnexpectedAnswerError(response)
            await asyncio.sleep(_PAUSE_SECONDS)


def demo_sign_in(identity: str) -> TokenSource:
    """Tokens of the demo users from the login at `identity`, each fetched once."""
    known: dict[str, str] = {}

    async def token(username: str) -> str:
        if username not in known:
            signed_in = await _sign_in(identity, {"username": username, "password": DEMO_PASSWORD})
            known[username] = signed_in.json()["access_token"]
        return known[username]

    return token


async def _sign_in(identity: str, body: Mapping[str, str]) -> httpx.Response:
    """The token's answer, asked for until it is other than 503: the login may be starting again."""
    deadline = time.monotonic() + _TRY_SECONDS
    async with httpx.AsyncClient(timeout=30.0, trust_env=False) as http:
        while True:
            response = await http.post(f"{identity}/token", json=body)
            if response.is_success:
                return response
            if response.status_code != 503 or time.monotonic() >= deadline:
                raise UnexpectedAnswerError(response)
            await asyncio.sleep(_PAUSE_SECONDS)


async def eventually(probe: Callable[[], Awaitable[T | None]], what: str, *, seconds: float = _WAIT_SECONDS) -> T:
    """The first answer of `probe` that is not None; raises `WaitedInVainError` when `seconds` have passed."""
    deadline = time.monotonic() + seconds
    while True:
        found = await probe()
        if found is not None:
            return found
        if time.monotonic() >= deadline:
            raise WaitedInVainError(f"not within {seconds:.0f} s: {what}")
        await asyncio.sleep(_POLL_SECONDS)
