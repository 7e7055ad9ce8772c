"""The standalone's own login: tokens the services accept, passwords of one's own, nothing told to strangers."""

import asyncio
import json
import stat
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import jwt
import pytest
import pytest_asyncio

from fangxing.auth import TokenRules, TokenVerifier
from fangxing.errors import DomainError
from fangxing.jwks import KeySet
from fangxing.roles import Role
from fangxing_embedded.postgres import PostgresServer
from standalone.attempts import Attempts
from standalone.files import private_key
from standalone.identity import DEMO_PASSWORD, TOKEN_SECONDS, Issuer, create_identity_app, demo_users
from standalone.login import demo_rows
from standalone.serving import Settings
from standalone.users import Users

OWN = "correct horse battery staple"


@pytest.fixture
def issuer(tmp_path: Path) -> Issuer:
    return Issuer(private_key(tmp_path / "keys" / "identity.pem"), issuer="fangxing", audience="fangxing-here")


@pytest_asyncio.fixture
async def users(postgres: PostgresServer, fresh_database: str) -> AsyncIterator[Users]:
    """The users of real data."""
    async with Users.open(postgres, demo=False, name=fresh_database) as users:
        yield users


@pytest_asyncio.fixture
async def demo(postgres: PostgresServer, fresh_database: str) -> AsyncIterator[Users]:
    """The users of demo data."""
    async with Users.open(postgres, demo=True, name=fresh_database) as users:
        await users.seed(demo_rows())
        yield users


def _login(issuer: Issuer, users: Users) -> httpx.AsyncClient:
    app = httpx.ASGITransport(create_identity_app(issuer, users), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=app, base_url="http://identity")


async def _sign_in(login: httpx.AsyncClient, username: str, password: str) -> httpx.Response:
    return await login.post("/token", json={"username": username, "password": password})


async def _change(login: httpx.AsyncClient, username: str, old: str, new: str) -> httpx.Response:
    return await login.post("/password", json={"username": username, "old_password": old, "new_password": new})


def _verifier(jwks: Path, audience: str = "fangxing-here") -> TokenVerifier:
    return TokenVerifier(KeySet(str(jwks)), TokenRules("fangxing", audience))


MORNING = datetime(2026, 3, 2, 1, tzinfo=UTC)


class Desk:
    """Signs in from addresses and at moments of the test's choice; each time as another process would."""

    def __init__(self, users: Users) -> None:
        self._users = users
        self.now = MORNING

    async def tries(self, username: str, password: str = "wrong", address: str = "10.0.0.1") -> str:
        """What comes of it: "in", or the slug of the problem, with the seconds to wait."""
        try:
            async with Attempts(self._users.database, Settings()).counted(username, address, self.now):
                await self._users.sign_in(username, password)
        except DomainError as error:
            return " ".join([error.type.slug, *map(str, error.params.values())])
        return "in"

    async def fails(self, times: int, username: str, address: str = "10.0.0.1") -> list[str]:
        """What comes of so many wrong guesses, each answer once."""
        return list(dict.fromkeys([await self.tries(username, address=address) for _ in range(times)]))


@pytest.fixture
def desk(demo: Users) -> Desk:
    return Desk(demo)


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


async def test_guesses_in_parallel_gain_nothing(demo: Users) -> None:
    attempts = Attempts(demo.database, Settings())

    async def guess() -> str:
        with pytest.raises(DomainError) as raised:
            async with attempts.counted("gm", "10.0.0.1", MORNING):
                await demo.sign_in("gm", "wrong")
        return raised.value.type.slug

    answers = await asyncio.gather(*[guess() for _ in range(40)])
    assert answers.count("sign-in-failed") <= 5 + 3


async def test_too_many_attempts_is_429_and_says_when_in_both_languages(issuer: Issuer, demo: Users) -> None:
    async with _login(issuer, demo) as login:
        for _ in range(4):
            assert (await _sign_in(login, "gm", "wrong")).status_code == 401
        # the old password of a change is a guess like any other
        assert (await _change(login, "gm", "wrong", OWN)).status_code == 401
        answer = await _sign_in(login, "gm", DEMO_PASSWORD)
    assert (answer.status_code, answer.json()["slug"]) == (429, "too-many-attempts")
    seconds = int(answer.headers["retry-after"])
    assert 290 <= seconds <= 300
    assert answer.json()["title"] == f"尝试次数过多，请 {seconds} 秒后再试"


async def test_a_token_names_the_user_and_his_roles_and_the_key_set_verifies_it_here_alone(
    issuer: Issuer, demo: Users, tmp_path: Path
) -> None:
    async with _login(issuer, demo) as login:
        answer = await _sign_in(login, "gm", DEMO_PASSWORD)
        assert answer.status_code == 200
        assert answer.json()["token_type"] == "bearer"
        assert answer.json()["expires_in"] == TOKEN_SECONDS
        jwks = tmp_path / "jwks.json"
        jwks.write_text((await login.get("/jwks.json")).text)
    bearer = f"Bearer {answer.json()['access_token']}"
    principal = await _verifier(jwks).principal(bearer)
    assert (principal.id, principal.name) == ("gm", "王建国 Wang Jianguo")
    assert principal.roles == {Role.GENERAL_MANAGER}
    with pytest.raises(DomainError, match="token-invalid"):
        await _verifier(jwks, "fangxing-elsewhere").principal(bearer)


async def test_a_token_of_another_key_is_refused(issuer: Issuer, demo: Users, tmp_path: Path) -> None:
    other = Issuer(private_key(tmp_path / "other.pem"), issuer="fangxing", audience="fangxing-here")
    jwks = tmp_path / "jwks.json"
    jwks.write_text(json.dumps(issuer.jwks))
    with pytest.raises(DomainError, match="token-invalid"):
        await _verifier(jwks).principal(f"Bearer {other.token(await demo.sign_in('gm', DEMO_PASSWORD)).access_token}")


async def test_a_wrong_password_an_unknown_user_and_one_who_is_off_get_the_same_answer(
    issuer: Issuer, demo: Users
) -> None:
    await demo.switch("rep1", active=False)
    async with _login(issuer, demo) as login:
        answers = [
            await _sign_in(login, "gm", "Fangxing"),
            await _sign_in(login, "nobody", DEMO_PASSWORD),
            await _sign_in(login, "rep1", DEMO_PASSWORD),
            await _change(login, "rep1", DEMO_PASSWORD, OWN),
        ]
    assert {answer.status_code for answer in answers} == {401}
    assert answers[0].headers["content-type"] == "application/problem+json"
    assert all(answer.json() == answers[0].json() for answer in answers)
    assert answers[0].json()["slug"] == "sign-in-failed"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"username": "gm"},
        {"username": "gm", "password": "x", "admin": True},
        {"username": "", "password": ""},
        {"username": "gm", "password": "x" * 201},
    ],
)
async def test_a_malformed_sign_in_is_a_problem_that_names_the_field(
    issuer: Issuer, users: Users, body: dict[str, object]
) -> None:
    async with _login(issuer, users) as login:
        answer = await login.post("/token", json=body)
    assert answer.status_code == 400
    assert answer.json()["slug"] == "input-invalid"
    assert answer.json()["fields"]


async def test_every_demo_user_signs_in_and_every_role_has_one(demo: Users) -> None:
    names = [(await demo.sign_in(username, DEMO_PASSWORD)).name for username in demo_users()]
    assert names == [user.name for user in demo_users().values()]
    assert {role for user in demo_users().values() for role in user.roles} == set(Role)
    assert len({user.password for user in demo_users().values()}) == len(names)


async def test_the_users_of_a_demo_are_told_and_keep_their_password(issuer: Issuer, demo: Users) -> None:
    async with _login(issuer, demo) as login:
        listed = (await login.get("/users")).json()
        assert "demo login" in listed["note"]
        assert [user["username"] for user in listed["users"]] == list(demo_users())
        assert "argon2" not in json.dumps(listed)
        assert (await _change(login, "gm", DEMO_PASSWORD, OWN)).json()["slug"] == "password-is-the-demos"
        assert (await _sign_in(login, "gm", DEMO_PASSWORD)).status_code == 200


async def test_rows_of_a_demo_sign_nobody_in_where_the_data_are_real(issuer: Issuer, users: Users) -> None:
    await users.seed(demo_rows())
    async with _login(issuer, users) as login:
        for username in demo_users():
            assert (await _sign_in(login, username, DEMO_PASSWORD)).json()["slug"] == "sign-in-failed"
        assert (await login.get("/users")).status_code == 404


async def test_a_password_somebody_else_set_opens_nothing_but_a_password_of_ones_own(
    issuer: Issuer, users: Users
) -> None:
    given = await users.add("li", "李 Li", [Role.SALES_REP])
    async with _login(issuer, users) as login:
        refused = await _sign_in(login, "li", given)
        assert (refused.status_code, refused.json()["slug"]) == (403, "password-is-one-time")
        for weak in ("short", given, "my name is li, truly"):
            answer = await _change(login, "li", given, weak)
            assert (answer.status_code, answer.json()["slug"]) == (400, "password-too-weak"), weak
        assert (await _change(login, "li", "wrong", OWN)).status_code == 401
        assert (await _change(login, "li", given, OWN)).status_code == 204
        assert (await _sign_in(login, "li", given)).status_code == 401
        assert (await _sign_in(login, "li", OWN)).status_code == 200
        again = await users.give_password("li")
        assert (await _sign_in(login, "li", OWN)).status_code == 401
        assert (await _sign_in(login, "li", again)).json()["slug"] == "password-is-one-time"


async def test_of_two_who_change_one_password_at_once_one_succeeds(issuer: Issuer, users: Users) -> None:
    given = await users.add("li", "李 Li", [Role.SALES_REP])
    async with _login(issuer, users) as login:
        answers = await asyncio.gather(*(_change(login, "li", given, f"{OWN} {number}") for number in range(3)))
    assert sorted(answer.status_code for answer in answers) == [204, 401, 401]


@pytest.mark.parametrize("username", ["system", "cli"])
async def test_nobody_is_called_like_the_machinery(users: Users, username: str) -> None:
    with pytest.raises(DomainError, match="username-reserved"):
        await users.add(username, "somebody", [Role.SALES_REP])


async def test_a_name_is_given_once_and_roles_count_from_the_next_sign_in(users: Users) -> None:
    given = await users.add("li", "李 Li", [Role.SALES_REP])
    with pytest.raises(DomainError, match="user-exists"):
        await users.add("li", "another", [Role.GENERAL_MANAGER])
    await users.change_password("li", given, OWN)
    await users.set_roles("li", [Role.GATE_GUARD, Role.ACCOUNTANT])
    assert (await users.sign_in("li", OWN)).roles == ["accountant", "gate_guard"]
    for action in (users.give_password("wu"), users.switch("wu", active=False), users.set_roles("wu", [])):
        with pytest.raises(DomainError, match="user-not-found"):
            await action


async def test_passwords_are_kept_as_argon2id(users: Users) -> None:
    given = await users.add("li", "李 Li", [Role.SALES_REP])
    (kept,) = await users.all()
    assert kept.password.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert given not in kept.password


def test_the_key_is_kept_for_its_owner_alone_and_stays_the_same(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "identity.pem"
    first = private_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert private_key(path).private_bytes_raw() == first.private_bytes_raw()
    public = Issuer(first, issuer="a", audience="b").jwks["keys"][0]
    assert "d" not in public
    assert jwt.PyJWK(public).key_id == public["kid"]
