"""Positions are never parked: the newest wins, and one that cannot be read puts its account on hold."""

from typing import Any

import pytest
from sqlalchemy import select

from fangxing_testing.harness import ServiceUnderTest
from fangxing_testing.toy.tables import HeardRow, PositionRow

FACT = "toy.NoteWritten.v1"


def position(epoch: int, version: int, balance: str) -> dict[str, Any]:
    return {"position": {"account": "acc", "epoch": epoch, "version": version, "balance": balance}}


async def state(reader: ServiceUnderTest) -> tuple[int, int, str | None, bool]:
    async with reader.database.reader() as connection:
        row = (await connection.execute(select(PositionRow.__table__))).one()
        return row.epoch, row.version, None if row.balance is None else str(row.balance), row.hold


async def send(
    reader: ServiceUnderTest, data: Any, at: str, *, document: str = "acc", version: int | None = None
) -> None:
    await reader.deliver(FACT, data, key="acc", document=document, version=version, position=at)


async def test_the_newest_position_wins_in_whatever_order_they_come(reader: ServiceUnderTest) -> None:
    for epoch, version, balance in [(1, 2, "20.00"), (1, 1, "10.00"), (2, 1, "30.00"), (1, 9, "90.00")]:
        await send(reader, position(epoch, version, balance), f"{epoch}.{version}")
    assert await state(reader) == (2, 1, "30.00", False)


@pytest.mark.parametrize(
    "data",
    [b"{broken", {}, {"position": None}, {"position": {"account": "acc"}}, {"position": position(1, 2, "x")}, b"[]"],
    ids=repr,
)
async def test_an_unreadable_position_holds_its_account_until_a_newer_one_comes(
    reader: ServiceUnderTest, data: Any
) -> None:
    await send(reader, position(1, 1, "10.00"), "1.1")
    await send(reader, data, "1.2")
    assert await state(reader) == (1, 2, "10.00", True)
    await send(reader, position(1, 1, "10.00"), "1.1")
    assert (await state(reader))[3] is True
    await send(reader, position(1, 3, "12.00"), "1.3")
    assert await state(reader) == (1, 3, "12.00", False)


async def test_an_unreadable_position_that_is_older_than_the_one_known_holds_nobody(reader: ServiceUnderTest) -> None:
    await send(reader, position(1, 5, "10.00"), "1.5")
    await send(reader, b"{broken", "1.4")
    assert await state(reader) == (1, 5, "10.00", False)


async def test_the_position_of_a_fact_that_is_parked_is_taken_at_once(reader: ServiceUnderTest) -> None:
    data = {"note": "a", "version": 3, "text": "said", **position(1, 7, "70.00")}
    await send(reader, data, "1.7", document="note/a", version=3)
    assert await state(reader) == (1, 7, "70.00", False)
    async with reader.database.reader() as connection:
        assert (await connection.execute(select(HeardRow.seq))).all() == []


async def test_the_position_of_a_fact_that_is_poison_is_taken_all_the_same(reader: ServiceUnderTest) -> None:
    data = {"note": "a", "version": 1, "text": "unheard of", **position(1, 7, "70.00")}
    await send(reader, data, "1.7", document="note/a", version=1)
    assert await state(reader) == (1, 7, "70.00", False)
