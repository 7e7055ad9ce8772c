"""Positions are never parked: the newest wins, and one that cannot be trusted holds its account until restated."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from fangxing.auth import Principal
from fangxing.bus import Delivery, Message
from fangxing.bus.letters import DeadLetter, Remedy
from fangxing.positions import Step, Version, step
from fangxing.roles import Role
from fangxing.settling import confirm, propose, retry
from fangxing.tasks import TaskRow
from fangxing_testing.harness import ServiceUnderTest
from fangxing_testing.toy.tables import HeardRow, PositionRow

FACT = "toy.NoteWritten.v1"
RESTATED = "toy.PositionRestated.v1"
WANTED = "reader.PositionWanted.v1"
ACCOUNT = UUID(int=7)


def position(epoch: int, version: int, balance: str) -> dict[str, Any]:
    return {"position": {"account_id": str(ACCOUNT), "epoch": epoch, "version": version, "balance": balance}}


async def state(reader: ServiceUnderTest) -> tuple[int, int, str | None, bool]:
    async with reader.database.reader() as connection:
        row = (await connection.execute(select(PositionRow.__table__))).one()
        return row.epoch, row.version, None if row.balance is None else str(row.balance), row.hold


async def send(
    reader: ServiceUnderTest,
    data: Any,
    at: str,
    *,
    document: str = "acc",
    version: int | None = None,
    event_type: str = FACT,
) -> None:
    await reader.deliver(event_type, data, key=str(ACCOUNT), document=document, version=version, position=at)


async def restate(reader: ServiceUnderTest, data: Mapping[str, Any], question: str | None = None) -> None:
    number = f"{data['position']['epoch']}.{data['position']['version']}"
    await send(reader, {**data, "answers": question}, number, event_type=RESTATED)


async def asked(reader: ServiceUnderTest) -> list[str]:
    """The questions the reader has asked, each of the writer of `toy`."""
    events = await reader.published(WANTED)
    assert all((event.data["account_id"], event.data["writer"]) == (str(ACCOUNT), "toy") for event in events)
    return [event.data["question"] for event in events]


async def letters(reader: ServiceUnderTest) -> list[Any]:
    async with reader.database.reader() as connection:
        return list(await connection.execute(select(DeadLetter.__table__).order_by(DeadLetter.id)))


async def tasks(reader: ServiceUnderTest) -> list[tuple[str, Role, str]]:
    async with reader.database.reader() as connection:
        rows = await connection.execute(select(TaskRow.__table__).order_by(TaskRow.id))
        return [(row.kind, row.role, row.status) for row in rows]


async def test_the_newest_position_wins_in_whatever_order_they_come(reader: ServiceUnderTest) -> None:
    for version, balance in [(2, "20.00"), (1, "10.00"), (9, "90.00"), (5, "50.00")]:
        await send(reader, position(1, version, balance), f"1.{version}")
    assert await state(reader) == (1, 9, "90.00", False)
    await restate(reader, position(2, 1, "30.00"))
    await send(reader, position(1, 99, "99.00"), "1.99")
    assert await state(reader) == (2, 1, "30.00", False)
    assert await asked(reader) == []


UNREADABLE = [
    b"{broken",
    {},
    {"position": None},
    {"position": {"account_id": str(ACCOUNT)}},
    position(1, 2, "x"),
    position(1, 2**31, "1.00"),
    b"[]",
]


@pytest.mark.parametrize("data", UNREADABLE, ids=repr)
async def test_an_unreadable_position_holds_its_account_until_its_writer_has_restated_it(
    reader: ServiceUnderTest, data: Any
) -> None:
    await send(reader, position(1, 1, "10.00"), "1.1")
    for at in ("1.2147483647", "1.3"):
        await send(reader, data, at)
    assert await state(reader) == (1, 1, "10.00", True)
    [question] = await asked(reader)
    assert await tasks(reader) == [("position_unreadable", "administrator", "open")]
    about = [letter for letter in await letters(reader) if letter.account is not None]
    assert [(letter.account, letter.status, letter.topic) for letter in about] == [(ACCOUNT, "poison", "toy")] * 2
    await send(reader, position(1, 4, "12.00"), "1.4")
    await restate(reader, position(1, 5, "13.00"), str(uuid4()))
    assert await state(reader) == (1, 5, "13.00", True)
    await restate(reader, position(1, 6, "14.00"), question)
    assert await state(reader) == (1, 6, "14.00", False)
    assert await tasks(reader) == [("position_unreadable", "administrator", "done")]
    about = [letter for letter in await letters(reader) if letter.account is not None]
    assert [letter.status for letter in about] == ["settled"] * 2


async def test_an_answer_that_was_overtaken_ends_the_hold_and_leaves_the_newer_figures(
    reader: ServiceUnderTest,
) -> None:
    await send(reader, b"{broken", "1.2")
    await send(reader, position(1, 9, "90.00"), "1.9")
    await restate(reader, position(1, 3, "30.00"), (await asked(reader))[0])
    assert await state(reader) == (1, 9, "90.00", False)


async def test_an_unreadable_answer_asks_nobody_again_until_somebody_retries(reader: ServiceUnderTest) -> None:
    await send(reader, b"{broken", "1.2")
    [question] = await asked(reader)
    await restate(reader, {**position(1, 3, "x")}, question)
    assert await asked(reader) == [question]
    assert (await state(reader))[3] is True
    async with reader.runtime.unit_of_work() as unit:
        letter = await unit.tx.get_one(DeadLetter, (await letters(reader))[-1].id)
        assert await retry(unit, reader.service.consumers, letter) is False
    assert await asked(reader) == [question, question]
    await restate(reader, position(1, 4, "40.00"), question)
    assert await state(reader) == (1, 4, "40.00", False)


@pytest.mark.parametrize("event_type", [FACT, RESTATED])
async def test_a_forged_epoch_holds_its_account_no_longer_than_its_writer_needs_to_answer(
    reader: ServiceUnderTest, event_type: str
) -> None:
    await send(reader, position(1, 1, "10.00"), "1.1")
    await send(reader, position(2147483647, 1, "0.00"), "2147483647.1", event_type=event_type)
    assert await state(reader) == (1, 1, "10.00", True)
    [question] = await asked(reader)
    await restate(reader, position(1, 2, "20.00"), question)
    assert await state(reader) == (1, 2, "20.00", False)
    await send(reader, position(1, 3, "30.00"), "1.3")
    assert await state(reader) == (1, 3, "30.00", False)


async def test_an_epoch_moves_by_a_restatement_and_by_more_than_one_as_the_answer_alone(
    reader: ServiceUnderTest,
) -> None:
    await send(reader, position(1, 1, "10.00"), "1.1")
    await restate(reader, position(2, 2, "20.00"))
    assert await state(reader) == (2, 2, "20.00", False)
    await send(reader, position(3, 3, "30.00"), "3.3")
    assert await state(reader) == (2, 2, "20.00", True)
    [question] = await asked(reader)
    await restate(reader, position(9, 9, "90.00"), question)
    assert await state(reader) == (9, 9, "90.00", False)


async def test_a_reader_that_comes_late_takes_the_version_there_is_and_asks_where_the_epoch_moved(
    reader: ServiceUnderTest,
) -> None:
    await send(reader, position(4, 100, "10.00"), "4.100")
    assert await state(reader) == (0, 0, None, True)
    await restate(reader, position(4, 101, "11.00"), (await asked(reader))[0])
    assert await state(reader) == (4, 101, "11.00", False)


NUMBERS = st.builds(Version, st.integers(0, 4), st.integers(0, 4))


@given(NUMBERS, NUMBERS, st.booleans(), st.booleans())
def test_whatever_comes_a_copy_never_goes_back_and_no_epoch_moves_by_itself(
    known: Version, arrived: Version, restated: bool, answer: bool
) -> None:
    found = step(known, arrived, restated=restated, answer=answer)
    assert (found is Step.OLD) == (arrived <= known)
    if found is Step.NEXT and arrived.epoch != known.epoch:
        assert answer or (known.epoch, arrived.epoch) == (0, 1) or (restated and arrived.epoch == known.epoch + 1)
    if answer or arrived.epoch == known.epoch:
        assert found is not Step.OUT_OF_LINE


async def test_headers_that_cannot_be_read_hold_the_account_of_their_key(reader: ServiceUnderTest) -> None:
    await send(reader, position(1, 1, "10.00"), "1.1")
    sound = reader.delivery(FACT, position(1, 2, "20.00"), key=str(ACCOUNT), document="acc", position="1.2")
    headers = tuple((name, b"\xff" if name == "ce_positionversion" else value) for name, value in sound.message.headers)
    await reader.receive(Delivery("toy", 0, 5, Message(sound.message.key, headers, sound.message.value)))
    assert await state(reader) == (1, 1, "10.00", True)
    await restate(reader, position(1, 2, "20.00"), (await asked(reader))[0])
    assert await state(reader) == (1, 2, "20.00", False)


async def test_an_unreadable_position_that_is_older_than_the_one_known_holds_nobody(reader: ServiceUnderTest) -> None:
    await send(reader, position(1, 5, "10.00"), "1.5")
    await send(reader, b"{broken", "1.4")
    assert await state(reader) == (1, 5, "10.00", False)
    assert await asked(reader) == []


async def test_an_unreadable_position_of_no_account_is_a_letter_and_asks_nobody(reader: ServiceUnderTest) -> None:
    await reader.deliver(FACT, {}, key="nobody", document="acc", position="1.1")
    assert [letter.status for letter in await letters(reader)] == ["poison"]
    assert await asked(reader) == []


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


async def test_a_repaired_letter_takes_effect_and_sets_no_position(reader: ServiceUnderTest) -> None:
    await send(reader, b"{broken", "1.1", document="note/a", version=1)
    fact, about_the_position = await letters(reader)
    assert (fact.version, fact.account, about_the_position.version, about_the_position.account) == (
        1,
        None,
        None,
        ACCOUNT,
    )
    repaired = b'{"note": "a", "version": 1, "text": "said", "position": {"balance": "1000000.00"}}'
    async with reader.runtime.unit_of_work(Principal("wang", "wang", frozenset())) as unit:
        await propose(unit, await unit.tx.get_one(DeadLetter, fact.id), Remedy.REPAIR, "typo", repaired)
    async with reader.runtime.unit_of_work(Principal("li", "li", frozenset())) as unit:
        assert await confirm(unit, reader.service.consumers, await unit.tx.get_one(DeadLetter, fact.id)) is True
    assert await state(reader) == (0, 0, None, True)
    await restate(reader, position(1, 2, "20.00"), (await asked(reader))[0])
    assert await state(reader) == (1, 2, "20.00", False)
    async with reader.database.reader() as connection:
        assert len((await connection.execute(select(HeardRow.seq))).all()) == 1
