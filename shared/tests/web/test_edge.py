"""One request, one transaction, committed before the answer."""

from pathlib import Path

import httpx
import pytest
from fastapi import APIRouter
from sqlalchemy import func, select

from fangxing.database import Database
from fangxing.database.tables import Table
from fangxing.decision_log import VerdictRow
from fangxing.roles import Role
from fangxing.running.service import Runtime, Service
from fangxing.web.app import create_app
from fangxing.web.edge import router as edge_router
from fangxing.web.idempotency import IdempotencyRow
from fangxing_testing.harness import ServiceUnderTest, client_of
from fangxing_testing.toy import WRITER
from fangxing_testing.toy.tables import NoteRow

NOTE = {"text": "note", "amount": "10.00"}


async def count(writer: ServiceUnderTest, table: type[NoteRow] | type[Table]) -> int:
    async with writer.database.reader() as connection:
        return await connection.scalar(select(func.count()).select_from(table)) or 0


async def at_commit(writer: ServiceUnderTest, what: str) -> None:
    """Let every COMMIT after an insert into notes do `what`."""
    async with writer.database.engine.begin() as connection:
        await connection.exec_driver_sql(
            f"CREATE FUNCTION at_commit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {what}; RETURN NULL; END $$"
        )
        await connection.exec_driver_sql(
            "CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON notes DEFERRABLE INITIALLY DEFERRED"
            " FOR EACH ROW EXECUTE FUNCTION at_commit()"
        )


def slug(answer: httpx.Response) -> str:
    assert answer.headers["content-type"] == "application/problem+json"
    found: str = answer.json()["slug"]
    return found


async def write(writer: ServiceUnderTest, **json: str) -> httpx.Response:
    rep = writer.identities.headers("wang", Role.SALES_REP)
    return await writer.post("/notes", {**NOTE, **json}, as_=rep)


async def test_a_commit_that_fails_is_never_answered_with_success(writer: ServiceUnderTest) -> None:
    await at_commit(writer, "RAISE EXCEPTION 'no' USING ERRCODE = '23514'")
    answer = await write(writer)
    assert (answer.status_code, slug(answer)) == (500, "internal")
    assert await count(writer, NoteRow) == 0
    assert await writer.published() == []


async def test_a_connection_lost_at_commit_is_answered_with_outcome_unknown(writer: ServiceUnderTest) -> None:
    await at_commit(writer, "PERFORM pg_terminate_backend(pg_backend_pid())")
    answer = await write(writer)
    assert (answer.status_code, slug(answer)) == (503, "outcome-unknown")
    assert answer.headers["retry-after"] == "1"


async def test_a_connection_lost_before_commit_is_answered_with_nothing_stored(writer: ServiceUnderTest) -> None:
    async with writer.database.engine.begin() as connection:
        await connection.exec_driver_sql(
            "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS"
            " 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END'"
        )
        await connection.exec_driver_sql(
            "CREATE TRIGGER die BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION die()"
        )
    answer = await write(writer)
    assert (answer.status_code, slug(answer)) == (503, "database-unavailable")


async def test_an_error_that_is_raised_leaves_nothing_behind(writer: ServiceUnderTest) -> None:
    answer = await write(writer, text="cursed")
    assert (answer.status_code, slug(answer)) == (409, "note-cursed")
    assert [await count(writer, table) for table in (NoteRow, IdempotencyRow)] == [0, 0]
    assert await writer.published() == []


async def test_a_refusal_that_is_returned_is_kept(writer: ServiceUnderTest) -> None:
    note = (await write(writer, amount="1000.01")).json()
    manager = writer.identities.headers("chen", Role.FINANCE_MANAGER)
    answer = await writer.post(f"/notes/{note['id']}/judgements", as_={**manager, "Accept-Language": "en"})
    assert (answer.status_code, answer.json()["allowed"]) == (200, False)
    assert answer.json()["verdict"]["would_pass"] == ["Bring it down to 1000.00"]
    async with writer.database.reader() as connection:
        kept = (await connection.execute(select(VerdictRow.__table__))).one()
    assert (kept.allowed, kept.document, kept.decided_by) == (False, f"note/{note['id']}", "chen")
    assert kept.content["policy_versions"] == {"toy.ceiling": 1}
    assert answer.json()["verdict"]["hash"] == kept.hash
    listed = (await writer.get("/decisions", as_=manager)).json()["items"]
    assert listed[0]["verdict"]["inputs"] == [
        {"name": "toy_amount", "label": "金额", "unit": "yuan", "value": "1000.01"},
        {"name": "toy_ceiling", "label": "上限", "unit": "yuan", "value": "1000.00"},
    ]


@pytest.mark.parametrize(("amount", "status", "allowed"), [("1000.00", 201, True), ("1000.01", 200, False)])
async def test_only_what_is_allowed_answers_created(
    writer: ServiceUnderTest, amount: str, status: int, allowed: bool
) -> None:
    note = (await write(writer, amount=amount)).json()
    manager = writer.identities.headers("chen", Role.FINANCE_MANAGER)
    for replayed in (None, "true"):
        answer = await writer.post(f"/notes/{note['id']}/judgements", as_=manager, key="k")
        assert (answer.status_code, answer.json()["allowed"]) == (status, allowed)
        assert answer.headers.get("idempotency-replayed") == replayed


async def test_a_reading_route_cannot_write(writer: ServiceUnderTest) -> None:
    answer = await writer.get("/scribble", as_=writer.identities.headers("wang", Role.SALES_REP))
    assert (answer.status_code, slug(answer)) == (500, "internal")


async def test_an_unreachable_database_is_503_and_not_ready(writer: ServiceUnderTest, tmp_path: Path) -> None:
    nowhere = Database(f"postgresql+asyncpg://nobody@/nothing?host={tmp_path}")
    away = Runtime(
        writer.service,
        writer.runtime.settings,
        nowhere,
        writer.runtime.transport,
        writer.runtime.clock,
        writer.runtime.signing_key,
    )
    rep = writer.identities.headers("wang", Role.SALES_REP)
    async with client_of(writer.service, away) as client:
        for answer in (
            await client.get("/notes", headers=rep),
            await client.post("/notes", json=NOTE, headers={**rep, "Idempotency-Key": "k"}),
        ):
            assert (answer.status_code, slug(answer)) == (503, "database-unavailable")
        assert (await client.get("/health/live")).status_code == 200
        assert (await client.get("/health/serving")).status_code == 503
        assert (await client.get("/health/ready")).json()["missing"] == ["database"]
    assert (await writer.get("/health/ready")).status_code == 200
    await nowhere.close()


def test_a_route_that_declares_no_access_keeps_the_application_from_starting() -> None:
    router = edge_router("open")

    async def forgotten() -> None: ...

    with pytest.raises(LookupError, match="forgotten declares no access"):
        router.get("/forgotten")(forgotten)


def test_a_router_that_goes_around_the_edge_keeps_the_application_from_starting() -> None:
    router = APIRouter()

    @router.get("/around")
    async def around() -> None: ...

    service = Service(**{**WRITER.__dict__, "routers": [*WRITER.routers, router]})
    with pytest.raises(LookupError, match="around"):
        create_app(service)


async def test_a_public_route_may_store_and_is_done_by_the_system(writer: ServiceUnderTest) -> None:
    async with client_of(writer.service, writer.runtime) as client:
        answer = await client.post("/wishes", json=NOTE)
    assert answer.status_code == 201
    assert await count(writer, NoteRow) == 1
