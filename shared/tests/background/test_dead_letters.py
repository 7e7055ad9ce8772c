"""Dead letters are seen at once, and settled from the command line too."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import select
from typer.testing import CliRunner, Result

from fangxing.bus.letters import DeadLetter
from fangxing.running.cli import command_for
from fangxing.running.worker import work
from fangxing_testing.harness import ServiceUnderTest
from fangxing_testing.toy import READER
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
    code, said = await run("discard", poison)
    assert (code, said.startswith("discarded: ")) == (0, True)
    assert await run("list") == (0, "")
    for action in ("retry", "discard"):
        code, said = await run(action, poison)
        assert (code, said.strip()) == (1, f"There is no waiting dead letter {poison}")
    async with reader.database.reader() as connection:
        settled_by = await connection.scalars(select(DeadLetter.settled_by).where(DeadLetter.version == 1))
        assert list(settled_by) == ["cli"]
