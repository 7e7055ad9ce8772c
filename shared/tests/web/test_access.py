"""Who may call what: every route of the toy against nobody, every role, bad tokens and devices."""

import json
import re
import time
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import event, func, select

from fangxing.database import Tx
from fangxing.errors import DomainError
from fangxing.roles import Role
from fangxing.running import devices
from fangxing.throttles import ThrottleRow
from fangxing.web.app import create_app, declared_routes
from fangxing_embedded.postgres import PostgresServer
from fangxing_testing.harness import FixedClock, ServiceUnderTest, service_under_test
from fangxing_testing.identity import Identities, device_headers
from fangxing_testing.toy import WRITER


async def test_every_route_answers_401_without_a_token_and_403_to_every_role_not_named(
    writer: ServiceUnderTest,
) -> None:
    routes = [route for route in declared_routes(create_app(writer.service)) if not route[2].public]
    assert len(routes) > 10
    for method, pattern, access in routes:
        path = re.sub(r"{\w+}", str(uuid4()), pattern)
        answer = await writer.post(path, method=method)
        assert answer.status_code == 401, path
        assert answer.headers["www-authenticate"] == "Bearer"
        for role in [None, *Role]:
            who = writer.identities.headers("li", *([role] if role else []))
            answer = await writer.post(path, method=method, as_=who)
            if access.device:
                assert answer.json()["slug"] == "device-key-invalid"
            else:
                assert (answer.status_code == 403) is (role not in access.roles), (method, path, role)
                assert answer.status_code != 401


async def test_a_refusal_names_the_roles_in_both_languages(writer: ServiceUnderTest) -> None:
    who = writer.identities.headers("li", Role.GATE_GUARD)
    for language, name in (("zh", "销售专员"), ("en", "sales rep")):
        answer = await writer.post("/notes", as_={**who, "Accept-Language": language})
        assert (answer.json()["slug"], answer.json()["clause"]) == ("role-required", "1-3")
        assert name in answer.json()["title"]


async def test_the_public_routes_answer_everybody(writer: ServiceUnderTest) -> None:
    for path in ("/welcome", "/health/live", "/health/ready", "/metrics", "/openapi.json"):
        assert (await writer.get(path)).status_code == 200, path


def unsigned(identities: Identities) -> str:
    _, claims, _ = identities.token("wang", Role.SALES_REP).split(".")
    header = urlsafe_b64encode(json.dumps({"alg": "none", "kid": "test-1"}).encode()).rstrip(b"=").decode()
    return f"{header}.{claims}."


def stranger(identities: Identities, kid: str) -> str:
    claims = jwt.decode(identities.token("wang", Role.SALES_REP), options={"verify_signature": False})
    return jwt.encode(claims, Ed25519PrivateKey.generate(), algorithm="EdDSA", headers={"kid": kid})


def confused(identities: Identities) -> str:
    claims = jwt.decode(identities.token("wang", Role.SALES_REP), options={"verify_signature": False})
    public = json.loads(identities.jwks.read_text())["keys"][0]["x"]
    return jwt.encode(claims, public + "=" * 40, algorithm="HS256", headers={"kid": "test-1"})


async def test_a_token_that_proves_nothing_is_invalid(writer: ServiceUnderTest) -> None:
    mine = writer.identities
    tokens = {
        "expired": mine.token("wang", Role.SALES_REP, exp=int(time.time()) - 31),
        "for somebody else": mine.token("wang", Role.SALES_REP, aud="another"),
        "from somebody else": mine.token("wang", Role.SALES_REP, iss="another"),
        "for ever": mine.token("wang", Role.SALES_REP, exp=None),
        "of nobody": mine.token("wang", Role.SALES_REP, sub=None),
        "of a name that cannot be stored": mine.token("w" * 81, Role.SALES_REP),
        "of a name with NUL": mine.token("wa\x00ng", Role.SALES_REP),
        "of an empty name": mine.token("", Role.SALES_REP),
        "without a signature": unsigned(mine),
        "signed by a stranger": stranger(mine, "test-1"),
        "by an unknown key": stranger(mine, "other"),
        "by the public key": confused(mine),
        "changed": mine.token("wang", Role.SALES_REP)[:-6] + "AAAAAA",
        "not a token": "x.y.z",
        "not even ASCII": "é",
    }
    for what, token in tokens.items():
        answer = await writer.client.get("/notes", headers={b"Authorization": f"Bearer {token}".encode()})
        assert (answer.status_code, answer.json()["slug"]) == (401, "token-invalid"), what


async def test_a_long_name_signs_in_and_is_cut(writer: ServiceUnderTest) -> None:
    for subject, name, kept in (
        ("w" * 80, "n" * 255, "n" * 80),
        ("wang", "王\x00\n小明", "王小明"),
        ("wang", "\x00", "wang"),
    ):
        header = writer.identities.headers(subject, Role.SALES_REP, name=name)["Authorization"]
        principal = await writer.runtime.tokens.principal(header)
        assert (principal.id, principal.name) == (subject, kept)
        answer = await writer.post("/notes", {"text": "n", "amount": "1.00"}, as_={"Authorization": header})
        assert answer.status_code == 201


@pytest.mark.parametrize("roles", ["administrator", None, 5, [5, None, "king", {"a": 1}]])
async def test_roles_that_are_no_list_of_known_roles_give_none(writer: ServiceUnderTest, roles: object) -> None:
    headers = {"Authorization": f"Bearer {writer.identities.token('wang', roles=roles)}"}
    assert (await writer.get("/notes", as_=headers)).status_code == 403


async def test_no_token_or_another_scheme_is_told_to_sign_in(writer: ServiceUnderTest) -> None:
    for value in ("", "Basic d2FuZzp4", "Bearer", "Device d.s"):
        answer = await writer.get("/notes", as_={"Authorization": value})
        assert (answer.status_code, answer.json()["slug"]) == (401, "token-missing")


async def test_a_new_key_in_the_key_set_is_found_and_the_old_one_ends(
    postgres: PostgresServer, identities: Identities
) -> None:
    async with service_under_test(WRITER, postgres, identities, jwks_refresh_seconds=0, jwks_pause_seconds=0) as writer:
        old = identities.headers("wang", Role.SALES_REP)
        unseen = identities.headers("li", Role.SALES_REP)
        assert (await writer.get("/notes", as_=old)).status_code == 200
        identities.rotate("test-2")
        assert (await writer.get("/notes", as_=identities.headers("wang", Role.SALES_REP))).status_code == 200
        for ended in (old, unseen):
            assert (await writer.get("/notes", as_=ended)).json()["slug"] == "token-invalid"


@pytest.mark.parametrize("content", [None, "not json", "[]", '{"keys": []}'])
async def test_a_key_set_that_cannot_be_read_is_503_or_401_and_never_a_way_in(
    writer: ServiceUnderTest, content: str | None
) -> None:
    headers = writer.identities.headers("wang", Role.SALES_REP)
    writer.identities.jwks.unlink() if content is None else writer.identities.jwks.write_text(content)
    answer = await writer.get("/notes", as_=headers)
    assert answer.json()["slug"] in ("sign-in-unavailable", "token-invalid")


async def enrol(tx: Tx, device: str, kind: str = "scanner") -> str:
    row, key = await devices.enrol(tx, device=device, kind=kind, place="w1", by="li", now=datetime.now(UTC))
    assert row.id == device
    return key


async def test_a_device_signs_in_with_its_newest_key_alone(writer: ServiceUnderTest) -> None:
    async with writer.database.transaction() as tx:
        first = await enrol(tx, "s-1")
    async with writer.database.transaction() as tx:
        second = await enrol(tx, "s-1")
        gate = await enrol(tx, "g-1", kind="gate")
    scan = {"sequence": 1, "code": "abc"}
    assert (await writer.post("/scans", scan, as_=device_headers(second))).json() == {"device": "s-1", "sequence": 1}
    for key in (first, gate, "s-1.", "s-1.wrong", "nobody.x", ".", "", "s-1"):
        answer = await writer.post("/scans", scan, as_=device_headers(key))
        assert (answer.status_code, answer.json()["slug"]) == (401, "device-key-invalid"), key


async def test_a_device_that_is_switched_off_is_told_so_on_its_next_request_and_comes_back_by_a_new_key(
    writer: ServiceUnderTest,
) -> None:
    async with writer.database.transaction() as tx:
        key = await enrol(tx, "s-1")
    scan = {"sequence": 1, "code": "abc"}
    assert (await writer.post("/scans", scan, as_=device_headers(key))).status_code == 201
    async with writer.database.transaction() as tx:
        await devices.switch_off(tx, "s-1", because="lost", by="li", now=datetime.now(UTC))
    for _ in range(2):
        answer = await writer.post("/scans", scan, as_=device_headers(key))
        assert (answer.status_code, answer.json()["slug"]) == (403, "device-switched-off")
    # who does not have its key is not told
    assert (await writer.post("/scans", scan, as_=device_headers("s-1.x"))).json()["slug"] == "device-key-invalid"
    async with writer.database.transaction() as tx:
        new = await enrol(tx, "s-1")
    assert (await writer.post("/scans", scan, as_=device_headers(key))).json()["slug"] == "device-key-invalid"
    assert (await writer.post("/scans", scan, as_=device_headers(new))).status_code == 201


async def test_a_request_under_way_when_its_device_is_switched_off_or_enrolled_anew_is_refused(
    writer: ServiceUnderTest,
) -> None:
    async with writer.database.transaction() as tx:
        for device in ("s-1", "s-2"):
            await enrol(tx, device)
    async with writer.database.transaction() as tx:
        off, anew = await tx.get_one(devices.DeviceRow, "s-1"), await tx.get_one(devices.DeviceRow, "s-2")
    async with writer.database.transaction() as tx:
        await devices.switch_off(tx, "s-1", because="lost", by="li", now=datetime.now(UTC))
        await enrol(tx, "s-2")
    for calling, slug in ((off, "device-switched-off"), (anew, "device-key-invalid")):
        async with writer.database.transaction() as tx:
            with pytest.raises(DomainError, match=slug):
                await devices.lock(tx, calling)


async def test_forty_wrong_keys_are_429_after_ten_and_the_right_one_is_always_heard(
    writer: ServiceUnderTest, clock: FixedClock
) -> None:
    async with writer.database.transaction() as tx:
        key = await enrol(tx, "s-1")
    scan = {"sequence": 1, "code": "abc"}

    async def tries(presented: str) -> tuple[int, str | None]:
        answer = await writer.post("/scans", scan, as_=device_headers(presented))
        return answer.status_code, answer.headers.get("retry-after")

    assert [await tries("s-1.wrong") for _ in range(40)] == [(401, None)] * 10 + [(429, "600")] * 30
    assert await tries("s-2.wrong") == (401, None)
    clock.advance(seconds=599)
    assert await tries("s-1.wrong") == (429, "1")
    # the scanner itself goes on, and its success ends the matter
    assert await tries(key) == (201, None)
    assert await tries("s-1.wrong") == (401, None)


async def test_names_of_devices_that_are_made_up_are_bounded_by_their_address(writer: ServiceUnderTest) -> None:
    scan = {"sequence": 1, "code": "abc"}
    answers = [await writer.post("/scans", scan, as_=device_headers(f"no-{number}.x")) for number in range(110)]
    assert [answer.status_code for answer in answers] == [401] * 100 + [429] * 10
    async with writer.database.reader() as reader:
        assert await reader.scalar(select(func.count()).select_from(ThrottleRow)) == 101


async def test_a_right_key_costs_no_statement_more(writer: ServiceUnderTest) -> None:
    async with writer.database.transaction() as tx:
        key = await enrol(tx, "s-1")
    said: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        said.append(statement)

    event.listen(writer.database._urgent_engine.sync_engine, "before_cursor_execute", note)
    assert (await writer.post("/scans", {"sequence": 1, "code": "abc"}, as_=device_headers(key))).status_code == 201
    assert len([statement for statement in said if "devices" in statement]) == 1
    assert len([statement for statement in said if "throttles" in statement]) == 1
