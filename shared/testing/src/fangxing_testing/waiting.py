"""Waiting for a condition, never for a time."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from fangxing.bus import Delivery, Subscription

T = TypeVar("T")
_AGAIN_SECONDS = 0.02


async def eventually(condition: Callable[[], Awaitable[T]], *, seconds: float = 20.0) -> T:
    """The first true answer of `condition`; fails with its last answer when none came within `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        answer = await condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"still {answer!r} after {seconds} s")
        await asyncio.sleep(_AGAIN_SECONDS)


async def take(subscription: Subscription, count: int, *, seconds: float = 30.0) -> list[Delivery]:
    """The next `count` deliveries or more; fails when fewer came within `seconds`."""
    taken: list[Delivery] = []
    deadline = time.monotonic() + seconds
    while len(taken) < count:
        taken += await subscription.poll(0.2)
        if len(taken) < count and time.monotonic() > deadline:
            raise AssertionError(f"only {len(taken)} of {count} messages after {seconds} s")
    return taken
