"""A batch that the client cannot read is read by hand: record by record, and never twice the same place."""

import struct
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fangxing.bus import Message, batches
from fangxing_testing.batches import CODECS, Record, batch, checked

GOOD: Record = (b"good", b"{}", [(b"ce_id", b"1"), (b"none", None)])
READ = Message("good", (("ce_id", b"1"), ("none", b"")), b"{}")
SIZE = 61

BYTES = st.one_of(st.none(), st.binary(max_size=40))
RECORDS = st.lists(
    st.tuples(BYTES, BYTES, st.lists(st.tuples(st.text(max_size=8).map(str.encode), BYTES), max_size=3)), min_size=1
)


@given(RECORDS, st.sampled_from(sorted(CODECS)), st.integers(0, 2**40))
def test_what_a_producer_sends_is_read_as_it_was_sent(records: list[Record], codec: int, offset: int) -> None:
    end = offset + len(records)
    found, following = batches.read(batch(records, codec=codec, offset=offset), offset, end)
    assert following == end
    assert [(one.offset, one.fault) for one in found] == [(offset + place, None) for place in range(len(records))]
    assert [one.message.value for one in found] == [value or b"" for _, value, _ in records]
    assert [[value for _, value in one.message.headers] for one in found] == [
        [value or b"" for _, value in headers] for _, _, headers in records
    ]


def test_the_middle_of_a_batch_is_read_from_where_one_stands() -> None:
    found, following = batches.read(batch([GOOD] * 5, offset=10), 13, 15)
    assert ([one.offset for one in found], following) == ([13, 14], 15)


BROKEN: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "unknown codec": (lambda whole: checked(whole, codec=7), "unknown codec 7"),
    "garbage for snappy": (lambda whole: checked(whole, codec=2), "codec 2"),
    "garbage for zstd": (lambda whole: checked(whole, codec=4), "codec 4"),
    "wrong checksum": (lambda whole: whole[:-1] + b"\xff", "checksum"),
    "an older format": (lambda whole: whole[:16] + b"\x01" + whole[17:], "version 2"),
    "records cut off": (lambda whole: checked(whole[:-30]), "end before they should"),
    "more than it says": (lambda whole: checked(whole + b"more"), "more behind"),
    "nothing at all": (lambda whole: checked(whole[:SIZE]), "end before they should"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_cannot_be_read_is_said_with_its_bytes_and_what_follows_is_read(what: str) -> None:
    broken, why = BROKEN[what]
    ill = broken(batch([GOOD, GOOD], offset=5))
    found, following = batches.read(ill + batch([GOOD], offset=7), 5, 8)
    assert following == 8
    assert [one.message for one in found if one.offset == 7] == [READ]
    [fault] = [one for one in found if one.fault]
    assert why in str(fault.fault)
    assert fault.offset in (5, 6)
    assert fault.message.value in ill


def test_a_record_that_lies_about_itself_does_not_hide_the_next_one() -> None:
    whole = batch([GOOD, (b"liar", b"value", []), GOOD], offset=0)
    lying = checked(whole.replace(b"\x08liar", b"\x7eliar"))
    found, following = batches.read(lying, 0, 3)
    assert [(one.offset, one.fault is None) for one in found] == [(0, True), (1, False), (2, True)]
    assert following == 3


def test_a_batch_that_never_comes_whole_is_passed_with_what_came() -> None:
    whole = batch([GOOD] * 3, offset=4)
    for size in (1, 20, SIZE, len(whole) - 1):
        [fault], following = batches.read(whole[:size], 4, 100)
        assert (fault.message.value, following) == (whole[:size], 7 if size >= SIZE else 5)
    found, following = batches.read(whole + batch([GOOD], offset=7)[:50], 4, 100)
    assert (len(found), following) == (3, 7)


def test_a_batch_never_leads_beyond_the_end_of_its_partition() -> None:
    whole = bytearray(batch([GOOD], offset=4))
    struct.pack_into(">i", whole, 23, 2**31 - 1)
    _, following = batches.read(checked(bytes(whole)), 4, 5)
    assert following == 5


@given(st.binary(max_size=300), st.integers(0, 100), st.integers(0, 100))
def test_whatever_the_bytes_are_the_place_moves_on(data: bytes, offset: int, more: int) -> None:
    found, following = batches.read(data, offset, offset + more)
    assert following > offset or data == b""
    assert all(offset <= one.offset < following for one in found)


@given(st.lists(st.tuples(st.integers(12, 200), st.integers(0, 255)), max_size=6), st.booleans())
def test_whatever_became_of_a_batch_the_next_one_is_read(changes: list[tuple[int, int]], sealed: bool) -> None:
    changed = bytearray(batch([GOOD, GOOD, GOOD], offset=0))
    for place, value in changes:
        changed[12 + (place - 12) % (len(changed) - 12)] = value
    ill = checked(bytes(changed)) if sealed else bytes(changed)
    found, following = batches.read(ill + batch([GOOD], offset=3), 0, 4)
    assert following == 4
    assert found[-1].message == READ
