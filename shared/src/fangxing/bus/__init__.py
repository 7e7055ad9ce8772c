"""The bus: one small module over Kafka and over the local bus.

What every transport promises, and the conformance suite holds it to:

- `publish` answers per message, after the message is durable, and never before;
- messages with one key arrive in the order they were acknowledged, unless one of them failed;
- a message is delivered at least once to every group, also to a group that subscribes later;
- nothing is taken as done before `commit`, and a crash before it delivers again;
- whatever bytes come, what is behind them comes too: what cannot be read is delivered with a fault.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """One message in CloudEvents binary mode: attributes are headers, the value is the JSON data."""

    key: str
    headers: tuple[tuple[str, bytes], ...]
    value: bytes


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message as a group receives it; `partition` and `offset` say where it stands in `topic`.

    With a `fault` it could not be read: why, and the message holds what could be.
    """

    topic: str
    partition: int
    offset: int
    message: Message
    fault: str | None = None


def without_nulls(headers: Iterable[tuple[str, bytes | None]]) -> tuple[tuple[str, bytes], ...]:
    """`headers` as a message has them: one without a value is an empty one, since CloudEvents knows no null."""
    return tuple((name, value or b"") for name, value in headers)


class Subscription(Protocol):
    """One member of a group, reading some topics."""

    async def poll(self, seconds: float) -> list[Delivery]:
        """The next messages, in order within a partition; empty after `seconds` without any."""
        ...

    async def commit(self, delivery: Delivery) -> None:
        """Everything of the partition up to and including `delivery` is done."""
        ...

    async def lag(self) -> int:
        """How many messages the group has not yet committed."""
        ...

    async def close(self) -> None:
        """Leave the group."""
        ...


class Transport(Protocol):
    """A way to carry messages."""

    async def publish(self, topic: str, messages: Sequence[Message]) -> list[Exception | None]:
        """Send `messages` in order; for each, None once it is durable, or why it is not."""
        ...

    async def subscribe(self, group: str, topics: Sequence[str]) -> Subscription:
        """Join `group` on `topics`; a group seen for the first time starts at the earliest message."""
        ...

    async def lag(self, group: str, topics: Sequence[str]) -> int:
        """How many messages of `topics` the whole group has not yet committed, asked by whoever wants to know.

        Raises an error, after some seconds at most, where there is no answer.
        """
        ...

    async def close(self) -> None:
        """Release every connection."""
        ...
