"""What stands on the topics, read from outside with librdkafka, and held to CloudEvents 1.0 and the contracts."""

from collections import Counter
from collections.abc import Iterator
from typing import cast
from uuid import uuid4

import orjson
from confluent_kafka import Consumer, Message, TopicPartition
from jsonschema import Draft202012Validator, FormatChecker

from standalone.files import ROOT

Headers = list[tuple[str, bytes | None]]
_SECONDS = 10.0
_REQUIRED = {"ce_id", "ce_source", "ce_specversion", "ce_type", "ce_subject", "ce_time", "ce_partitionkey"}


def contracts() -> dict[str, Draft202012Validator]:
    """The checked-in schemas, by event type."""
    schemas = (orjson.loads(path.read_bytes()) for path in ROOT.glob("s*/**/contracts/*.json"))
    return {
        schema["$id"].removeprefix("urn:fangxing:event:"): Draft202012Validator(schema, format_checker=FormatChecker())
        for schema in schemas
    }


def faults_of(bootstrap: str, prefix: str) -> tuple[list[str], Counter[str]]:
    """What is wrong with the messages on the topics that begin with `prefix`, and how many there are of each type."""
    known = contracts()
    faults: list[str] = []
    seen: Counter[str] = Counter()
    for message in _everything(bootstrap, prefix):
        headers = {name: bytes(value or b"").decode() for name, value in cast(Headers, message.headers() or [])}
        kind = headers.get("ce_type", "")
        seen[kind] += 1
        faults += [
            f"{message.topic()} {message.offset()} {kind}: {fault}" for fault in _faults(message, headers, known)
        ]
    return faults, seen


def _faults(message: Message, headers: dict[str, str], known: dict[str, Draft202012Validator]) -> Iterator[str]:
    if missing := _REQUIRED - headers.keys():
        yield f"no {sorted(missing)}"
    if (headers.get("ce_specversion"), headers.get("content-type")) != ("1.0", "application/json"):
        yield "not CloudEvents 1.0 in JSON"
    key = (message.key() or b"").decode()
    if not key or key != headers.get("ce_partitionkey"):
        yield f"the key is {key}"
    schema = known.get(headers.get("ce_type", ""))
    if schema is None:
        yield "there is no schema"
        return
    data = orjson.loads(message.value() or b"null")
    yield from (f"{error.json_path}: {error.message}" for error in schema.iter_errors(data))
    if isinstance(position := data.get("position"), dict):
        if key != position["account_id"]:
            yield f"the key is {key} and not the account"
        if headers.get("ce_positionversion") != f"{position['epoch']}.{position['version']}":
            yield "the header names another position"


def _everything(bootstrap: str, prefix: str) -> Iterator[Message]:
    """Every message there is now."""
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": uuid4().hex, "enable.auto.commit": False})
    try:
        topics = consumer.list_topics(timeout=_SECONDS).topics
        for name in sorted(topics):
            for partition in topics[name].partitions if name.startswith(prefix) else ():
                place = TopicPartition(name, partition)
                first, end = consumer.get_watermark_offsets(place, timeout=_SECONDS)
                consumer.assign([TopicPartition(name, partition, first)])
                while first < end:
                    message = consumer.poll(_SECONDS)
                    assert message is not None, f"{name}[{partition}] ends at {first} before {end}"
                    assert message.error() is None, message.error()
                    first = cast(int, message.offset()) + 1
                    yield message
    finally:
        consumer.close()
