"""The harness itself: what every service's tests lean on."""

from decimal import Decimal

import pytest
from sqlalchemy import func, select

from fangxing import decision_log
from fangxing.roles import Role
from fangxing.verdicts import Scalar, Verdict
from fangxing_embedded.postgres import PostgresServer
from fangxing_testing.harness import ServiceUnderTest, service_under_test
from fangxing_testing.identity import Identities
from fangxing_testing.toy import WRITER
from fangxing_testing.toy.tables import HeardRow, NoteRow


async def test_a_post_takes_effect_and_is_published(writer: ServiceUnderTest) -> None:
    rep = writer.identities.headers("wang", Role.SALES_REP)
    answer = await writer.post("/notes", {"text": "放行", "amount": "12.50"}, as_=rep)
    assert answer.status_code == 201, answer.text
    note = answer.json()
    listed = await writer.get("/notes", as_=rep)
    assert listed.json()["items"] == [note]
    published = await writer.published("toy.NoteWritten.v1")
    assert [(event.document, event.version, event.data["amount"]) for event in published] == [
        (f"note/{note['id']}", 1, "12.50")
    ]


async def test_an_event_delivered_is_heard_once(reader: ServiceUnderTest) -> None:
    delivery = await reader.deliver(
        "toy.NoteWritten.v1", {"note": "a", "version": 1, "text": "hello"}, key="a", document="note/a", version=1
    )
    await reader.receive(delivery)
    async with reader.database.reader() as connection:
        assert await connection.scalar(select(func.count()).select_from(HeardRow)) == 1


async def test_no_test_passes_with_an_input_of_a_verdict_that_has_no_label(
    postgres: PostgresServer, identities: Identities
) -> None:
    inputs: dict[str, Scalar] = {"toy_amount": Decimal(1), "line.1.toy_weight": Decimal(1), "toy_hour": 9}
    with pytest.raises(AssertionError, match=r"'line\.1\.toy_weight', 'toy_hour'"):
        async with service_under_test(WRITER, postgres, identities) as writer, writer.runtime.unit_of_work() as unit:
            decision_log.keep(unit, "toy", "note/1", Verdict(True, "pass", inputs=inputs))


async def test_every_test_gets_an_empty_database(writer: ServiceUnderTest) -> None:
    async with writer.database.reader() as connection:
        assert await connection.scalar(select(func.count()).select_from(NoteRow)) == 0
