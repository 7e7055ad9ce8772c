"""Dead letters are seen at once, and settled from the command line too."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import select
from typer.testing import CliRunner, Result

from fangxing.bus.letters import DeadLetter
from fangxing.decision_log import VerdictRow, seal
from fangxing.roles import Role
from fangxing.running.cli import command_for
from fangxing.running.worker import work
from fangxing.tasks import TaskRow
from fangxing_testing.harness import ServiceUnderTest
from fangxing_testing.toy import READER
from fangxing_testing.toy.tables import HeardRow
from fangxing_testing.waiting import eventually

FACT = "toy.NoteWritten.v1"


def waiting(status: str) -> float | None:
    labels = {"service": READER.name, "status": status}
    return REGISTRY.get_sample_value("fangxing_dead_letters", labels)


async def test_the_gauge_follows_what_waits_within_seconds(reader: ServiceUnderTest) -> None:
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(work(reader.runtime, stop))

        async def counted(poison: int, parked: int) -> None:
            async def shown() -> bool:
                return (waiting("poison"), waiting("parked")) == (poison, parked)

            await eventually(shown, seconds=10)

        await counted(0, 0)
        await reader.deliver(FACT, b"not json", key="a", document="note/a", version=1)
        await reader.deliver(FACT, b"not json", key="a", document="note/a", version=2)
        await counted(1, 1)
        stop.set()


@pytest.fixture
def on_the_command_line(reader: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Awaitable[Result]]:
    """The reader's command, which finds the database of this test in its environment."""
    for name, value in reader.runtime.settings.environment().items():
        monkeypatch.setenv(name, value)
    return partial(asyncio.to_thread, CliRunner().invoke, command_for(READER))


async def test_letters_are_listed_retried_and_discarded_on_the_command_line(
    reader: ServiceUnderTest, on_the_command_line: Callable[..., Awaitable[Result]]
) -> None:
    async def run(*arguments: str) -> tuple[int, str]:
        result = await on_the_command_line(["dead-letters", *arguments])
        return result.exit_code, result.output

    assert await run("list") == (0, "")
    good = b'{"note": "a", "version": 1, "text": "said"}'
    await reader.deliver(FACT, good, key="a", document="note/a", version=2)
    await reader.deliver(FACT, b"not json", key="a", document="note/a", version=1)
    async with reader.database.reader() as connection:
        rows = await connection.execute(select(DeadLetter.id).order_by(DeadLetter.version))
        poison, parked = (str(row.id) for row in rows)
    code, said = await run("list")
    assert code == 0
    assert [said.index(letter) for letter in (parked, poison)] == sorted(said.index(x) for x in (parked, poison))
    assert f"{poison}  poison  toy  {FACT}  note/a 1" in said
    assert "waits for version 1" in said
    code, said = await run("retry", poison)
    assert (code, said.startswith("poison: body")) == (1, True)
    code, said = await run("discard", poison, "--because", "sent twice")
    assert (code, said.startswith("poison: ")) == (0, True)
    assert "discard proposed by cli: sent twice" in (await run("list"))[1]
    code, said = await run("discard", poison, "--because", "sent twice")
    assert (code, said.strip()) == (1, f"A remedy of dead letter {poison} waits for its second person already")
    confirmed = await reader.post(f"/dead-letters/{poison}/confirmation", as_=gm(reader))
    assert confirmed.json()["status"] == "discarded"
    assert await run("list") == (0, "")
    code, said = await run("retry", poison)
    assert (code, said.strip()) == (1, f"There is no waiting dead letter {poison}")


def gm(reader: ServiceUnderTest) -> dict[str, str]:
    return reader.identities.headers("gm", Role.GENERAL_MANAGER)


def administrator(reader: ServiceUnderTest) -> dict[str, str]:
    return reader.identities.headers("root", Role.ADMINISTRATOR)


async def waiting_letters(reader: ServiceUnderTest) -> list[dict[str, Any]]:
    found = (await reader.get("/dead-letters", as_=administrator(reader), sort="id")).json()["items"]
    return [letter for letter in found if letter["status"] in ("poison", "parked")]


async def say(reader: ServiceUnderTest, version: int, text: str = "said") -> None:
    data = {"note": "a", "version": version, "text": text}
    await reader.deliver(FACT, data, key="a", document="note/a", version=version)


async def heard(reader: ServiceUnderTest) -> list[tuple[int, str]]:
    async with reader.database.reader() as connection:
        rows = await connection.execute(select(HeardRow.version, HeardRow.text).order_by(HeardRow.seq))
        return [(row.version, row.text) for row in rows]


async def verdicts(reader: ServiceUnderTest) -> list[tuple[str, bool, dict[str, Any]]]:
    async with reader.database.reader() as connection:
        rows = await connection.execute(select(VerdictRow.__table__).order_by(VerdictRow.id))
        return [(row.kind, row.allowed, row.content["inputs"]) for row in rows]


async def tasks(reader: ServiceUnderTest) -> list[tuple[str, str]]:
    async with reader.database.reader() as connection:
        rows = await connection.execute(select(TaskRow.kind, TaskRow.status).order_by(TaskRow.id))
        return [(row.kind, row.status) for row in rows]


REPAIRED = {"note": "a", "version": 1, "text": "repaired"}
REMEDIES: dict[str, tuple[dict[str, Any], list[tuple[int, str]]]] = {
    "repair": ({"repaired_body": REPAIRED}, [(1, "repaired"), (2, "said")]),
    "discard": ({}, [(2, "said")]),
}


@pytest.mark.parametrize("remedy", REMEDIES)
async def test_to_repair_or_discard_a_letter_takes_two_people_and_is_a_sealed_verdict(
    reader: ServiceUnderTest, remedy: str
) -> None:
    more, taken = REMEDIES[remedy]
    await say(reader, 1, "unheard of")
    await say(reader, 2)
    poison, _ = await waiting_letters(reader)
    path = f"/dead-letters/{poison['id']}"
    body = {"remedy": remedy, "because": "typing error at the source", **more}
    both = reader.identities.headers("root", Role.ADMINISTRATOR, Role.GENERAL_MANAGER)
    assert (await reader.post(f"{path}/confirmation", as_=gm(reader))).json()["slug"] == "dead-letter-not-proposed"
    assert (await reader.post(f"{path}/proposals", body, as_=both)).status_code == 201
    assert (await reader.post(f"{path}/proposals", body, as_=both)).json()["slug"] == "dead-letter-proposed"
    own = await reader.post(f"{path}/confirmation", as_=both)
    assert (own.status_code, own.json()["slug"]) == (403, "dead-letter-own-remedy")
    assert (await heard(reader), await tasks(reader)) == ([], [("confirm_dead_letter", "open")])
    shown = (await waiting_letters(reader))[0]
    assert (shown["proposal"], shown["proposed_by"], shown["proposed_because"]) == (remedy, "root", body["because"])
    assert (await reader.post(f"{path}/refusal", as_=gm(reader))).json()["proposal"] is None
    assert (await reader.post(f"{path}/proposals", body, as_=both)).status_code == 201
    settled = (await reader.post(f"{path}/confirmation", as_=gm(reader))).json()
    assert settled["taken"] is (remedy == "repair")
    assert await heard(reader) == taken
    [(kind, allowed, inputs)] = await verdicts(reader)
    assert (kind, allowed) == (f"dead_letter.{remedy}", True)
    assert (inputs["letter_proposer"], inputs["letter_confirmer"]) == ("root", "gm")
    assert (inputs["letter_document"], inputs["letter_version"], inputs["letter_taken"]) == ("note/a", 1, 0)
    assert (inputs["letter_body"] == inputs["letter_received"]) is (remedy == "discard")
    assert {status for _, status in await tasks(reader)} == {"done"}
    async with reader.runtime.unit_of_work() as unit:
        assert await seal(unit, READER.name, reader.runtime.signing_key) == 1


async def test_a_gap_whose_event_is_lost_is_accepted_by_two_and_what_waits_flows(reader: ServiceUnderTest) -> None:
    for version in (1, 4, 5, 7):
        await say(reader, version)
    first, second, third = await waiting_letters(reader)
    body = {"remedy": "accept_loss", "because": "the outbox of that day is gone"}
    for letter in (second, third):
        refused = await reader.post(f"/dead-letters/{letter['id']}/proposals", body, as_=administrator(reader))
        assert refused.json()["slug"] == "dead-letter-no-gap"
    path = f"/dead-letters/{first['id']}"
    assert (await reader.post(f"{path}/proposals", body, as_=administrator(reader))).status_code == 201
    assert (await reader.post(f"{path}/confirmation", as_=administrator(reader))).status_code == 403
    assert (await reader.post(f"{path}/confirmation", as_=gm(reader))).json()["taken"] is True
    assert await heard(reader) == [(1, "said"), (4, "said"), (5, "said")]
    assert [letter["version"] for letter in await waiting_letters(reader)] == [7]
    [(kind, allowed, inputs)] = await verdicts(reader)
    assert (kind, allowed, inputs["letter_taken"], inputs["letter_version"]) == ("dead_letter.accept_loss", True, 1, 4)


async def test_a_loss_that_came_after_all_before_it_was_confirmed_is_none(reader: ServiceUnderTest) -> None:
    await say(reader, 2)
    [letter] = await waiting_letters(reader)
    path, body = f"/dead-letters/{letter['id']}", {"remedy": "accept_loss", "because": "lost"}
    assert (await reader.post(f"{path}/proposals", body, as_=administrator(reader))).status_code == 201
    await say(reader, 1)
    assert (await reader.post(f"{path}/confirmation", as_=gm(reader))).json()["slug"] == "dead-letter-not-found"
    assert await heard(reader) == [(1, "said"), (2, "said")]


async def test_nobody_repairs_a_position_and_a_repair_has_a_body(reader: ServiceUnderTest) -> None:
    account = str(UUID(int=1))
    await reader.deliver("toy.Unheard.v1", b"broken", key=account, document="a", position="1.1")
    [letter] = await waiting_letters(reader)
    assert letter["account"] == account
    path, body = f"/dead-letters/{letter['id']}/proposals", {"remedy": "repair", "because": "known"}
    tries: list[tuple[dict[str, Any], str]] = [
        ({}, "dead-letter-no-repair"),
        ({"repaired_body": {}}, "dead-letter-position"),
    ]
    for more, slug in tries:
        assert (await reader.post(path, {**body, **more}, as_=administrator(reader))).json()["slug"] == slug
    wrong = {"remedy": "discard", "because": "known", "repaired_body": {}}
    assert (await reader.post(path, wrong, as_=administrator(reader))).json()["slug"] == "dead-letter-no-repair"
