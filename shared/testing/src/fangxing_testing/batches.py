"""Record batches of Kafka made by hand, also such as no client would make."""

import struct
from collections.abc import Callable, Sequence

from aiokafka import AIOKafkaClient, TopicPartition
from aiokafka.codec import gzip_encode, lz4_encode, snappy_encode, zstd_encode
from aiokafka.protocol.produce import ProduceRequest
from aiokafka.record.util import calc_crc32c, encode_varint

CODECS: dict[int, Callable[[bytes], bytes]] = {
    0: bytes,
    1: gzip_encode,
    2: snappy_encode,
    3: lz4_encode,
    4: zstd_encode,
}
_NO_LEADER_YET = (3, 6)
Headers = Sequence[tuple[bytes, bytes | None]]
Record = tuple[bytes | None, bytes | None, Headers]
"""Key, value and headers."""


def batch(records: Sequence[Record], *, codec: int = 0, payload: bytes | None = None, offset: int = 0) -> bytes:
    """A record batch as a producer sends it; `payload` stands in for the records where they are to be garbage."""
    body = b"".join(_record(place, *one) for place, one in enumerate(records))
    body = CODECS[codec](body) if payload is None else payload
    head = struct.pack(">hiqqqhii", codec, len(records) - 1, 0, 0, -1, -1, -1, len(records))
    return checked(struct.pack(">qiibI", offset, 0, -1, 2, 0) + head + body)


def checked(data: bytes, *, codec: int | None = None) -> bytes:
    """The batch with its length and its checksum put right, and under another codec."""
    made = bytearray(data)
    if codec is not None:
        struct.pack_into(">h", made, 21, codec)
    struct.pack_into(">i", made, 8, len(made) - 12)
    struct.pack_into(">I", made, 17, calc_crc32c(bytes(made[21:])))
    return bytes(made)


async def produce(bootstrap: str, topic: str, data: bytes, partition: int = 0) -> int:
    """Send `data` as it is; the broker's error code."""
    client = AIOKafkaClient(bootstrap_servers=bootstrap)
    await client.bootstrap()
    try:
        await client.set_topics([topic])
        while True:
            leader = client.cluster.leader_for_partition(TopicPartition(topic, partition))
            answer = await client.send(leader, ProduceRequest(None, -1, 5000, [(topic, [(partition, data)])]))
            [(_, [(_, code, *_)])] = answer.topics
            if code not in _NO_LEADER_YET:
                return int(code)
            await client.force_metadata_update()
    finally:
        await client.close()


def _record(place: int, key: bytes | None, value: bytes | None, headers: Headers) -> bytes:
    named = b"".join(_nullable(name) + _nullable(content) for name, content in headers)
    body = b"\0" + _number(0) + _number(place) + _nullable(key) + _nullable(value) + _number(len(headers)) + named
    return _number(len(body)) + body


def _number(value: int) -> bytes:
    out = bytearray()
    encode_varint(value, out.append)
    return bytes(out)


def _nullable(value: bytes | None) -> bytes:
    return _number(-1) if value is None else _number(len(value)) + value
