"""CloudEvents 1.0 in binary mode: an outbox row as a message, and a message as an event.

Two extension attributes go with the standard ones: `documentversion`, the gapless version of the document, and
`positionversion`, "epoch.version" of the writer's credit position where the event carries one. Being headers, they can
be read even where the body cannot.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary, to_binary
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from sqlalchemy import Row

from fangxing.bus import Message
from fangxing.outbox import OutboxRow

_FORMAT = JSONFormat()
_TRACE = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


class Unreadable(Exception):
    """A message, or the data of an event, that cannot be read."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the headers of a message say; the body is read apart."""

    id: UUID
    type: str
    document: str
    version: int | None
    position: tuple[int, int] | None
    key: str
    time: datetime | None
    traceparent: str | None

    @property
    def name(self) -> str:
        """The type without its version: `shipping.ShipmentShipped`."""
        return self.type.rpartition(".v")[0]


def to_message(row: OutboxRow | Row[Any], source: str) -> Message:
    """The message of an outbox row, or of its columns; `source` is the publishing service."""
    attributes: dict[str, Any] = {
        "id": str(row.id),
        "source": f"/{source}",
        "type": row.type,
        "subject": row.document,
        "time": row.recorded_at,
        "datacontenttype": "application/json",
        "partitionkey": row.key,
    }
    if row.version is not None:
        attributes["documentversion"] = str(row.version)
    if row.position is not None:
        attributes["positionversion"] = row.position
    if row.traceparent is not None:
        attributes["traceparent"] = row.traceparent
    binary = to_binary(CloudEvent(attributes, row.data), _FORMAT)
    return Message(row.key, tuple(binary.headers.items()), binary.value)


def read_headers(message: Message) -> Envelope:
    """The envelope of a message; raises `Unreadable`."""
    headers = dict(message.headers)
    if "ce_id" not in headers:
        # the library would make one up, and every repeat would look new
        raise Unreadable("headers: no ce_id")
    try:
        event = from_binary(KafkaMessage(headers, message.key, b"{}"), _FORMAT, CloudEvent)
        version = event.get_extension("documentversion")
        position = event.get_extension("positionversion")
        return Envelope(
            id=UUID(event.get_id()),
            type=_short(event.get_type(), 120),
            document=_short(event.get_subject() or "", 160, least=0 if version is None else 1),
            version=_number(version) if version is not None else None,
            position=_position(position) if position is not None else None,
            key=message.key,
            time=event.get_time(),
            traceparent=_trace(event.get_extension("traceparent")),
        )
    except Exception as error:
        raise Unreadable(f"headers: {error}") from error


def read_data(value: bytes) -> dict[str, Any]:
    """The JSON object of a message's body; raises `Unreadable`."""
    try:
        data = orjson.loads(value)
    except orjson.JSONDecodeError as error:
        raise Unreadable(f"body: {error}") from error
    if not isinstance(data, dict):
        raise Unreadable("body: not a JSON object")
    return data


def _trace(text: str | None) -> str | None:
    """A W3C trace context, or None where it is none: what only serves those who watch poisons nothing."""
    return text if text is not None and _TRACE.fullmatch(text) else None


def _position(text: str) -> tuple[int, int]:
    epoch, _, version = text.partition(".")
    return _number(epoch, least=0), _number(version, least=0)


def _number(text: str, *, least: int = 1) -> int:
    number = int(text)
    if not least <= number < 2**31:
        raise ValueError(f"{number} is out of range")
    return number


def _short(text: str, most: int, *, least: int = 1) -> str:
    """`text` as a column of `most` characters holds it."""
    if not least <= len(text) <= most or "\x00" in text:
        raise ValueError(f"not {least} to {most} characters: {text[:200]!r}")
    return text
