"""The demo login: tokens the services accept, and nothing told to who does not know the password."""

import json
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import jwt
import pytest

from fangxing.auth import TokenVerifier
from fangxing.errors import DomainError
from fangxing.roles import Role
from standalone.files import private_key
from standalone.identity import DEMO_PASSWORD, TOKEN_SECONDS, Issuer, check, create_identity_app, demo_users


@pytest.fixture
def issuer(tmp_path: Path) -> Issuer:
    return Issuer(private_key(tmp_path / "keys" / "identity.pem"), issuer="fangxing", audience="fangxing")


@pytest.fixture
async def login(issuer: Issuer) -> AsyncIterator[httpx.AsyncClient]:
    app = httpx.ASGITransport(create_identity_app(issuer), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=app, base_url="http://identity") as client:
        yield client


async def _sign_in(login: httpx.AsyncClient, username: str, password: str) -> httpx.Response:
    return await login.post("/token", json={"username": username, "password": password})


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
