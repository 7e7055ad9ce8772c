"""The decision log verifies, and tampering shows."""

import asyncio

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select, text

from fangxing import decision_log
from fangxing.decision_log import SealRow, VerdictRow
from fangxing.verdicts import Verdict
from fangxing_testing.harness import ServiceUnderTest

SERVICE = "toy-writer-svc"


async def decide(writer: ServiceUnderTest, document: str) -> None:
    async with writer.runtime.unit_of_work() as unit:
        decision_log.keep(
            unit, "toy.judge", document, Verdict(allowed=False, outcome="refused", inputs={"toy_note": document})
        )


async def seal(writer: ServiceUnderTest) -> int:
    async with writer.runtime.unit_of_work() as unit:
        return await decision_log.seal(unit, SERVICE, writer.runtime.signing_key)


async def faults(writer: ServiceUnderTest, expected_head: tuple[int, str] | None = None) -> list[str]:
    key = writer.runtime.signing_key.public_key()
    async with writer.database.reader() as reader:
        return await decision_log.verify(reader, SERVICE, key, expected_head=expected_head)


async def three_seals(writer: ServiceUnderTest) -> None:
    for batch in range(3):
        for number in range(3):
            await decide(writer, f"note/{batch}.{number}")
        assert await seal(writer) == 3


async def test_a_sealed_log_holds_and_each_head_is_published(writer: ServiceUnderTest) -> None:
    await three_seals(writer)
    assert await seal(writer) == 0
    assert await faults(writer) == []
    heads = await writer.published("log.DecisionLogSealed.v1")
    assert [event.version for event in heads] == [1, 2, 3]
    async with writer.database.reader() as reader:
        stored = list((await reader.execute(select(SealRow.head).order_by(SealRow.seq))).scalars())
    assert [event.data["head"] for event in heads] == stored
    assert await faults(writer, (3, stored[-1])) == []


TAMPERING = {
    "a changed content": "UPDATE verdicts SET content = jsonb_set(content, '{allowed}', 'true') WHERE {one}",
    "a changed content and column": "UPDATE verdicts SET allowed = true,"
    " content = jsonb_set(content, '{allowed}', 'true') WHERE {one}",
    "a changed hash": "UPDATE verdicts SET hash = repeat('a', 64) WHERE {one}",
    "a changed column": "UPDATE verdicts SET allowed = true WHERE {one}",
    "a changed document": "UPDATE verdicts SET document = 'note/other' WHERE {one}",
    "a changed decider": "UPDATE verdicts SET decided_by = 'other' WHERE {one}",
    "a changed date": "UPDATE verdicts SET decided_at = decided_at - interval '1 day' WHERE {one}",
    "a deleted verdict": "DELETE FROM verdicts WHERE {one}",
    "a verdict taken out of its seal": "UPDATE verdicts SET seal = NULL WHERE {one}",
    "a verdict moved to another seal": "UPDATE verdicts SET seal = 3 WHERE {one}",
    "a verdict put in": "INSERT INTO verdicts SELECT gen_random_uuid(), kind, document, allowed, content, hash,"
    " decided_by, decided_at, seal, 3 FROM verdicts WHERE {one}",
    "two verdicts swapped": "UPDATE verdicts SET place = 1 - place WHERE seal = 2 AND place < 2",
    "a dropped seal": "DELETE FROM seals WHERE seq = 2",
    "a dropped first seal": "DELETE FROM seals WHERE seq = 1",
    "a changed head": "UPDATE seals SET head = repeat('a', 64) WHERE seq = 2",
    "a signature of somebody else": "UPDATE seals SET signature = '\\x00' WHERE seq = 2",
}


async def test_tampering_shows(writer: ServiceUnderTest) -> None:
    await three_seals(writer)
    key = writer.runtime.signing_key.public_key()
    for what, command in TAMPERING.items():
        async with writer.database.session() as tx:
            changed = await tx.execute(text(command.replace("{one}", "document = 'note/1.1'")))
            assert changed.rowcount >= 1  # type: ignore[attr-defined]
            assert await decision_log.verify(tx, SERVICE, key) != [], what
    assert await faults(writer) == []


async def test_a_tail_cut_off_shows_against_the_published_head(writer: ServiceUnderTest) -> None:
    await three_seals(writer)
    async with writer.database.engine.begin() as connection:
        head = str(await connection.scalar(text("SELECT head FROM seals WHERE seq = 3")))
        await connection.execute(text("DELETE FROM verdicts WHERE seal = 3"))
        await connection.execute(text("DELETE FROM seals WHERE seq = 3"))
    assert await faults(writer) == []
    assert await faults(writer, (3, head)) == ["seal 3 was published and is missing"]
    assert await faults(writer, (2, "a" * 64)) != []


async def test_a_log_rewritten_with_another_key_shows(writer: ServiceUnderTest) -> None:
    await three_seals(writer)
    async with writer.database.reader() as reader:
        stranger = Ed25519PrivateKey.generate().public_key()
        assert len(await decision_log.verify(reader, SERVICE, stranger)) == 3


async def test_writers_and_sealer_at_once_leave_every_verdict_sealed_once(writer: ServiceUnderTest) -> None:
    done = asyncio.Event()

    async def keep_sealing() -> int:
        sealed = 0
        while True:
            nothing_more_comes = done.is_set()
            batch = await seal(writer)
            sealed += batch
            if nothing_more_comes and not batch:
                return sealed

    sealing = asyncio.create_task(keep_sealing())
    await asyncio.gather(*(decide(writer, f"note/{number}") for number in range(60)))
    done.set()
    assert await sealing == 60
    assert await faults(writer) == []
    async with writer.database.reader() as reader:
        assert (await reader.execute(select(VerdictRow.id).where(VerdictRow.seal.is_(None)))).all() == []
