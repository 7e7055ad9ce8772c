"""Record batches of Kafka read by hand: what of one that the client cannot read can be read after all.

The client decodes a whole batch or raises, again and again at the same place. Here every record is read by itself,
between the lengths the batch gives, and what cannot be read is said with its bytes and the offsets it takes.
"""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from aiokafka.codec import gzip_decode, lz4_decode, snappy_decode, zstd_decode
from aiokafka.record.util import calc_crc32c

from fangxing.bus import Message, without_nulls

# base offset, length, leader epoch, magic, CRC, attributes, last offset delta, two timestamps, producer id and epoch,
# base sequence, count (https://kafka.apache.org/documentation/#recordbatch)
_HEADER = struct.Struct(">qiibIhiqqqhii")
_LENGTH = struct.Struct(">qi")
_AFTER_CRC = 21
_MAGIC = 2
_CODEC = 0x07
_CONTROL = 0x20
_NO_MESSAGE = Message("", (), b"")

_DECODE: dict[int, Callable[[bytes], bytes]] = {
    0: bytes,
    1: gzip_decode,
    2: snappy_decode,
    3: lz4_decode,
    4: zstd_decode,
}


@dataclass(frozen=True, slots=True)
class Found:
    """What stands at `offset`: a message; with `fault`, what could be read of what cannot take effect, and why."""

    offset: int
    message: Message
    fault: str | None = None


def announced(data: bytes) -> int:
    """How many bytes the first batch in `data` says it takes; 0 where not even that can be read."""
    return _LENGTH.size + _LENGTH.unpack_from(data)[1] if len(data) >= _LENGTH.size else 0


def read(data: bytes, offset: int, end: int) -> tuple[list[Found], int]:
    """What stands in `data`, the batches fetched from `offset` on, and the offset of what follows them.

    `end` is where the partition ends. A batch that is cut off at the end of `data` is left for the next fetch; where it
    is the first one, it never comes whole, and what came of it is a fault.
    """
    found: list[Found] = []
    start, following = 0, offset
    while start < len(data):
        stop = start + announced(data[start : start + _LENGTH.size])
        whole = start + _LENGTH.size < stop <= len(data)
        if start > 0 and not whole:
            break
        batch = data[start:stop] if whole else data
        last = max(min(_last_offset(batch, following), _base(data[stop:], end) - 1), following)
        if whole:
            found += [one for one in _batch(batch, following, last) if one.offset >= following]
        else:
            found.append(_fault(batch, following, last, "cut off"))
        start, following = start + len(batch), last + 1
    return found, following


def _base(data: bytes, end: int) -> int:
    """The offset of the first record in `data`; where nothing is there, `end`."""
    return min(int(_LENGTH.unpack_from(data)[0]), end) if len(data) >= _LENGTH.size else end


def _last_offset(batch: bytes, unknown: int) -> int:
    """The offset of the last record of `batch` as its header says it."""
    if len(batch) < _HEADER.size or batch[16] != _MAGIC:
        return _LENGTH.unpack_from(batch)[0] if len(batch) >= _LENGTH.size else unknown
    base, _, _, _, _, _, delta, *_ = _HEADER.unpack_from(batch)
    return int(base + delta)


def _fault(data: bytes, first: int, last: int, why: str) -> Found:
    return Found(last, Message("", (), data), f"offsets {first} to {last} cannot be read: {why}")


def _batch(batch: bytes, first: int, last: int) -> list[Found]:
    """What stands in one whole batch, whose offsets are `first` to `last`."""
    if len(batch) < _HEADER.size or batch[16] != _MAGIC:
        return [_fault(batch, first, last, "not a record batch of version 2")]
    base, _, _, _, crc, attributes, _, _, _, _, _, _, count = _HEADER.unpack_from(batch)
    if attributes & _CONTROL:
        return []
    if crc != calc_crc32c(batch[_AFTER_CRC:]):
        return [_fault(batch, first, last, "the checksum is wrong")]
    decode = _DECODE.get(attributes & _CODEC)
    if decode is None:
        return [_fault(batch, first, last, f"unknown codec {attributes & _CODEC}")]
    try:
        records = decode(batch[_HEADER.size :])
    except Exception as error:
        # each codec has errors of its own, and some raise what a programmer's mistake would
        return [_fault(batch, first, last, f"codec {attributes & _CODEC}: {error!r}")]
    return list(_records(records, base, count, first, last))


def _records(data: bytes, base: int, count: int, first: int, last: int) -> Iterator[Found]:
    cursor = _Bytes(data)
    following = base
    for _ in range(count):
        start = cursor.at
        try:
            record = cursor.take(cursor.number()) or b""
        except IndexError:
            yield _fault(data[start:], max(following, first), last, "the records end before they should")
            return
        found = _record(record, base, following, last)
        yield found
        following = found.offset + 1
    if cursor.at < len(data):
        yield _fault(data[cursor.at :], last, last, "there is more behind the last record")


def _record(data: bytes, base: int, expected: int, last: int) -> Found:
    cursor = _Bytes(data)
    try:
        cursor.take(1)
        cursor.number()
        offset = base + cursor.number()
        key = cursor.take(cursor.number())
        value = cursor.take(cursor.number())
        headers = [(cursor.take(cursor.number()), cursor.take(cursor.number())) for _ in range(cursor.number())]
    except IndexError:
        return _fault(data, expected, expected, "the record ends before it should")
    if not expected <= offset <= last or cursor.at != len(data):
        return _fault(data, expected, expected, "the record is not as long, or not where, it says")
    named = ((str(name or b"", "utf-8", "replace"), content) for name, content in headers)
    return Found(offset, Message(str(key or b"", "utf-8", "replace"), without_nulls(named), value or b""))


class _Bytes:
    """Bytes read from the front; raises IndexError past their end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.at = 0

    def number(self) -> int:
        """A zigzag varint of at most 64 bits."""
        result = 0
        for shift in range(0, 70, 7):
            byte = self._data[self.at]
            self.at += 1
            result |= (byte & 0x7F) << shift
            if byte < 0x80:
                return (result >> 1) ^ -(result & 1)
        raise IndexError

    def take(self, count: int) -> bytes | None:
        """The next `count` bytes; None where it is negative, Kafka's null."""
        if count < 0:
            return None
        if self.at + count > len(self._data):
            raise IndexError
        taken = self._data[self.at : self.at + count]
        self.at += count
        return taken
