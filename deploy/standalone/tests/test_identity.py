"""The demo login: tokens the services accept, and nothing told to who does not know the password."""

import asyncio
import json
import stat
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import jwt
import pytest

from fangxing.auth import TokenVerifier
from fangxing.database import Database
from fangxing.database.migrations import migrate_machinery
from fangxing.errors import DomainError
from fangxing.roles import Role
from fangxing_embedded.postgres import PostgresServer
from standalone.files import private_key
from standalone.identity import DEMO_PASSWORD, TOKEN_SECONDS, Attempts, Issuer, check, create_identity_app, demo_users
from standalone.serving import Settings


@pytest.fixture
def issuer(tmp_path: Path) -> Issuer:
    return Issuer(private_key(tmp_path / "keys" / "identity.pem"), issuer="fangxing", audience="fangxing")


@pytest.fixture
async def database(postgres: PostgresServer, fresh_database: str) -> AsyncIterator[Database]:
    await migrate_machinery(postgres.url(fresh_database))
    database = Database(postgres.url(fresh_database), pool_size=4)
    yield database
    await database.close()


@pytest.fixture
async def login(issuer: Issuer, database: Database) -> AsyncIterator[httpx.AsyncClient]:
    app = httpx.ASGITransport(create_identity_app(issuer, Attempts(database, Settings())), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=app, base_url="http://identity") as client:
        yield client


async def _sign_in(login: httpx.AsyncClient, username: str, password: str) -> httpx.Response:
    return await login.post("/token", json={"username": username, "password": password})


MORNING = datetime(2026, 3, 2, 1, tzinfo=UTC)


class Desk:
    """Signs in from addresses and at moments of the test's choice; each time as another process would."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.now = MORNING

    async def tries(self, username: str, password: str = "wrong", address: str = "10.0.0.1") -> str:
        """What comes of it: "in", or the slug of the problem, with the seconds to wait."""
        try:
            await Attempts(self._database, Settings()).sign_in(username, password, address, self.now)
        except DomainError as error:
            return " ".join([error.type.slug, *map(str, error.params.values())])
        return "in"

    async def fails(self, times: int, username: str, address: str = "10.0.0.1") -> list[str]:
        """What comes of so many wrong guesses, each answer once."""
        return list(dict.fromkeys([await self.tries(username, address=address) for _ in range(times)]))


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


async def test_the_fifth_wrong_password_is_the_last_that_is_tried_until_the_time_is_over(desk: Desk) -> None:
    assert await desk.fails(5, "gm") == ["sign-in-failed"]
    assert await desk.tries("gm", DEMO_PASSWORD) == "too-many-attempts 300"
    # who goes on does not make it longer
    desk.now += timedelta(seconds=299)
    assert await desk.tries("gm") == "too-many-attempts 1"
    desk.now += timedelta(seconds=1)
    assert await desk.tries("gm", DEMO_PASSWORD) == "in"


async def test_a_success_resets_the_account_from_there(desk: Desk) -> None:
    for _ in range(3):
        assert await desk.fails(4, "gm") == ["sign-in-failed"]
        assert await desk.tries("gm", DEMO_PASSWORD) == "in"


async def test_a_success_of_ones_own_earns_no_guesses_at_others(desk: Desk) -> None:
    answers = []
    for number in range(60):
        answers.append(await desk.tries(f"user{number}"))
        assert await desk.tries("rep1", DEMO_PASSWORD) in ("in", answers[-1])
    assert answers.count("sign-in-failed") == 50


async def test_guesses_from_many_addresses_do_not_keep_out_who_signs_in_where_he_always_does(desk: Desk) -> None:
    assert await desk.tries("gm", DEMO_PASSWORD, "10.0.0.9") == "in"
    for number in range(10):
        await desk.fails(4, "gm", f"10.1.0.{number}")
    assert await desk.tries("gm", DEMO_PASSWORD, "10.2.0.1") == "too-many-attempts 300"
    assert await desk.tries("gm", DEMO_PASSWORD, "10.0.0.9") == "in"
    assert await desk.tries("rep1", DEMO_PASSWORD, "10.2.0.1") == "in"


async def test_all_addresses_of_one_network_of_ipv6_are_one(desk: Desk) -> None:
    for number in range(5):
        assert await desk.tries("gm", address=f"2001:db8::{number}") == "sign-in-failed"
    assert await desk.tries("gm", DEMO_PASSWORD, "2001:db8::ffff") == "too-many-attempts 300"
    assert await desk.tries("gm", DEMO_PASSWORD, "2001:db8:1::1") == "in"


async def test_guesses_in_parallel_gain_nothing(database: Database) -> None:
    attempts = Attempts(database, Settings())

    async def guess() -> str:
        with pytest.raises(DomainError) as raised:
            await attempts.sign_in("gm", "wrong", "10.0.0.1", MORNING)
        return raised.value.type.slug

    answers = await asyncio.gather(*[guess() for _ in range(40)])
    assert answers.count("sign-in-failed") <= 5 + 3


async def test_too_many_attempts_is_429_and_says_when_in_both_languages(login: httpx.AsyncClient) -> None:
    for _ in range(5):
        assert (await _sign_in(login, "gm", "wrong")).status_code == 401
    answer = await _sign_in(login, "gm", DEMO_PASSWORD)
    assert (answer.status_code, answer.json()["slug"]) == (429, "too-many-attempts")
    seconds = int(answer.headers["retry-after"])
    assert 290 <= seconds <= 300
    assert answer.json()["title"] == f"尝试次数过多，请 {seconds} 秒后再试"


async def test_a_token_names_the_user_and_his_roles_and_the_key_set_verifies_it(
    login: httpx.AsyncClient, tmp_path: Path
) -> None:
    answer = await _sign_in(login, "gm", DEMO_PASSWORD)
    assert answer.status_code == 200
    assert answer.json()["token_type"] == "bearer"
    assert answer.json()["expires_in"] == TOKEN_SECONDS

    jwks = tmp_path / "jwks.json"
    jwks.write_text((await login.get("/jwks.json")).text)
    verifier = TokenVerifier(str(jwks), issuer="fangxing", audience="fangxing")
    principal = await verifier.principal(f"Bearer {answer.json()['access_token']}")
    assert (principal.id, principal.name) == ("gm", "王建国 Wang Jianguo")
    assert principal.roles == {Role.GENERAL_MANAGER}


async def test_a_token_of_another_key_is_refused(login: httpx.AsyncClient, tmp_path: Path) -> None:
    other = Issuer(private_key(tmp_path / "other.pem"), issuer="fangxing", audience="fangxing")
    jwks = tmp_path / "jwks.json"
    jwks.write_text((await login.get("/jwks.json")).text)
    verifier = TokenVerifier(str(jwks), issuer="fangxing", audience="fangxing")
    with pytest.raises(DomainError, match="token-invalid"):
        await verifier.principal(f"Bearer {other.token(demo_users()['gm']).access_token}")


async def test_a_wrong_password_and_an_unknown_user_get_the_same_answer(login: httpx.AsyncClient) -> None:
    wrong = await _sign_in(login, "gm", "Fangxing")
    unknown = await _sign_in(login, "nobody", DEMO_PASSWORD)
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.headers["content-type"] == "application/problem+json"
    assert wrong.json() == unknown.json()
    assert wrong.json()["slug"] == "sign-in-failed"


@pytest.mark.parametrize(
    "body",
    [{}, {"username": "gm"}, {"username": "gm", "password": "x", "admin": True}, {"username": "", "password": ""}],
)
async def test_a_malformed_sign_in_is_a_problem_that_names_the_field(
    login: httpx.AsyncClient, body: dict[str, object]
) -> None:
    answer = await login.post("/token", json=body)
    assert answer.status_code == 400
    assert answer.json()["slug"] == "input-invalid"
    assert answer.json()["fields"]


def test_every_demo_user_signs_in_and_every_role_has_one() -> None:
    users = demo_users()
    assert all(check(username, DEMO_PASSWORD) is user for username, user in users.items())
    assert {role for user in users.values() for role in user.roles} == set(Role)
    assert len({user.salt for user in users.values()}) == len(users)


async def test_the_users_are_listed_as_a_demo_login(login: httpx.AsyncClient) -> None:
    listed = (await login.get("/users")).json()
    assert "demo login" in listed["note"]
    assert [user["username"] for user in listed["users"]] == list(demo_users())
    assert "scrypt" not in json.dumps(listed)


def test_the_key_is_kept_for_its_owner_alone_and_stays_the_same(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "identity.pem"
    first = private_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert private_key(path).private_bytes_raw() == first.private_bytes_raw()
    public = Issuer(first, issuer="a", audience="b").jwks["keys"][0]
    assert "d" not in public
    assert jwt.PyJWK(public).key_id == public["kid"]
