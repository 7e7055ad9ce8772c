"""A query is read as strictly as a body, on every route: no name that is not declared, no value in another coat."""

from datetime import UTC, date, datetime
from typing import Annotated
from uuid import uuid4

import pytest
from fastapi import Query
from pydantic import Field

from fangxing.roles import Role
from fangxing.running.devices import enrol
from fangxing.running.service import Service
from fangxing.validation import Parameters
from fangxing.web.access import Access, public
from fangxing.web.app import create_app, declared_routes
from fangxing.web.edge import CallerLanguage, CurrentRuntime, Source, quick
from fangxing.web.edge import router as edge_router
from fangxing_testing.harness import ServiceUnderTest, client_of
from fangxing_testing.identity import device_headers
from fangxing_testing.toy import WRITER
from fangxing_testing.toy.api import Welcome

DAY = date(2026, 3, 2)
router = edge_router("asking", "/asking")


class Question(Parameters):
    """Something of every kind that is not text."""

    day: date | None = None
    moment: datetime | None = None
    days: Annotated[int, Field(ge=1)] | None = None
    last: bool | None = None


@router.get("")
@public()
async def ask(query: Annotated[Question, Query()]) -> Question:
    """What was understood."""
    return query


@router.get("/{name}")
@public()
@quick
async def glance(name: str, runtime: CurrentRuntime, language: CallerLanguage, source: Source) -> Welcome:
    """A quick route."""
    return Welcome(text=name)


ASKING = Service(**{**WRITER.__dict__, "routers": [*WRITER.routers, router]})


def _headers(writer: ServiceUnderTest, access: Access, key: str) -> dict[str, str]:
    if access.device:
        return device_headers(key)
    return {} if access.public else writer.identities.headers("wang", *access.roles)


async def test_no_route_takes_a_name_that_it_does_not_declare(writer: ServiceUnderTest) -> None:
    async with writer.database.transaction() as tx:
        _, key = await enrol(tx, device="s-1", kind="scanner", place="w1", by="li", now=datetime.now(UTC))
    async with client_of(ASKING, writer.runtime) as client:
        for method, path, access in declared_routes(create_app(ASKING)):
            address = "/".join(str(uuid4()) if part.startswith("{") else part for part in path.split("/"))
            headers = {**_headers(writer, access, key), "Idempotency-Key": uuid4().hex}
            answer = await client.request(method, address, params={"colour": "red"}, headers=headers)
            said = (answer.status_code, answer.json().get("slug"), answer.json().get("field"))
            assert said == (400, "input-invalid", "colour"), (method, path, answer.text)


async def test_who_may_not_ask_is_told_nothing_of_what_could_be_asked(writer: ServiceUnderTest) -> None:
    assert (await writer.get("/notes", colour="red")).status_code == 401
    guard = writer.identities.headers("sun", Role.GATE_GUARD)
    assert (await writer.post("/notes?colour=red", {}, as_=guard)).status_code == 403


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("day", ["1764028800", "20260302", "2026-3-2", "2026-03-02T00:00:00", " 2026-03-02", "２026-03-02", ""]),
        ("moment", ["1764028800", "1764028800.5", "2026-03-02", "20260302T000000"]),
        ("days", ["1.0", "1e1", "+1", " 1", "1_0", "１", "0x1", "true", "", "01", "9" * 30]),
        ("last", ["1", "yes", "on", "True", "TRUE", "t", ""]),
    ],
)
async def test_a_value_in_another_coat_is_refused(writer: ServiceUnderTest, name: str, written: list[str]) -> None:
    async with client_of(ASKING, writer.runtime) as client:
        for value in written:
            answer = await client.get("/asking", params={name: value})
            said = (answer.status_code, answer.json().get("slug"), answer.json().get("field"))
            assert said == (400, "input-invalid", name), (value, answer.text)
            chinese = answer.json()["fields"][0]["text"]
            assert chinese != "值无效", (value, answer.json())


async def test_what_is_written_as_it_should_be_is_read(writer: ServiceUnderTest) -> None:
    asked = {"day": "2026-03-02", "moment": "2026-03-02T09:00:00Z", "days": "7", "last": "true"}
    async with client_of(ASKING, writer.runtime) as client:
        assert (await client.get("/asking", params=asked)).json() == {**asked, "days": 7, "last": True}
        assert (await client.get("/asking/it")).json() == {"text": "it"}


def test_a_route_says_in_one_model_what_it_can_be_asked() -> None:
    careless = edge_router("careless")

    async def plain(day: date | None = None) -> Welcome:
        return Welcome(text=str(day))

    with pytest.raises(TypeError, match="plain takes 'day' from the query: say so in a Parameters"):
        careless.get("/careless")(public()(plain))
