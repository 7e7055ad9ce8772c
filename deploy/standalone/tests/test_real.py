"""Real data: begun by `init`, with one administrator, no demo users and no movable clock, whatever the settings say."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from typer.testing import CliRunner

from fangxing.roles import Role
from fangxing_testing.provider import Provider, Signer, provider
from standalone.cli import app
from standalone.identity import DEMO_PASSWORD, demo_users
from standalone.launch import Launched, launched
from standalone.managing import begin_real, users_of
from standalone.services import SERVICES

pytestmark = pytest.mark.timeout(300)

OWN = "correct horse battery staple"
# what somebody might set who wants the clock to move
DEMO_SETTINGS = {f"{service.settings.model_config['env_prefix']}DEMO": "true" for service in SERVICES.values()}


def said_by(*arguments: str, code: int = 0) -> str:
    """What the command says in the terminal, with the exit code it must have."""
    done = CliRunner().invoke(app, list(arguments))
    assert done.exit_code == code, done.output
    return done.output


def printed_password(said: str) -> str:
    """The one-time password in what was said; it is said once."""
    password = said.split("to be changed at the first sign-in:")[1].split()[0]
    assert said.count(password) == 1
    return password


class People:
    """Signs people in at a standalone that runs, and sends what they send."""

    def __init__(self, here: Launched, http: httpx.AsyncClient) -> None:
        self.here = here
        self.http = http

    async def sign_in(self, username: str, password: str) -> httpx.Response:
        return await self.http.post(f"{self.here.identity}/token", json={"username": username, "password": password})

    async def change_password(self, username: str, old: str, new: str) -> None:
        body = {"username": username, "old_password": old, "new_password": new}
        answer = await self.http.post(f"{self.here.identity}/password", json=body)
        assert answer.status_code == 204, answer.text

    async def starts(self, username: str, given: str) -> dict[str, str]:
        """The headers of somebody who sets a password of his own in place of the one he was given."""
        assert (await self.sign_in(username, given)).json()["slug"] == "password-is-one-time"
        await self.change_password(username, given, OWN)
        answer = await self.sign_in(username, OWN)
        return {"Authorization": f"Bearer {answer.json()['access_token']}", "Idempotency-Key": "once"}


@pytest_asyncio.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        yield client


def test_the_commands_begin_real_data_once_and_see_to_their_users(tmp_path: Path) -> None:
    nothing = tmp_path / "nothing"
    for arguments in (("list",), ("off", "li"), ("password", "li")):
        assert "There are no data" in said_by("users", *arguments, "--data", str(nothing), code=1)
    assert not nothing.exists()

    data = ("--data", str(tmp_path / "data"))
    first = printed_password(said_by("init", *data))
    assert "users already" in said_by("init", *data, code=1)
    assert "not demo data" in said_by("run", "--demo", "--port", "0", *data, code=1)
    added = printed_password(said_by("users", "add", "wu", "--name", "吴 Wu", "--role", "accountant", *data))
    assert len({first, added, printed_password(said_by("users", "password", "wu", *data))}) == 3
    assert "There is no user nobody" in said_by("users", "off", "nobody", *data, code=1)
    assert "lower case" in said_by("users", "off", "Device:1", *data, code=2)
    said_by("users", "off", "wu", *data)
    lines = said_by("users", "list", *data).splitlines()
    assert [line.split()[0] for line in lines] == ["admin", "wu"]
    assert "管理员 administrator" in lines[0]
    assert "已停用 off" in lines[1]


def test_what_cannot_be_done_is_said_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    assert "cannot go on" in said_by("init", "--data", str(file), code=1)
    for name in (" ", "赵\x1b[31m", "名" * 81):
        said = said_by("users", "add", "zhao", "--name", name, "--role", "accountant", "--data", str(file), code=2)
        assert "one line of text" in said


async def test_real_data_have_no_demo_users_and_no_movable_clock_whatever_the_settings_say(
    tmp_path: Path, http: httpx.AsyncClient
) -> None:
    given = await begin_real(tmp_path, "admin")
    assert given is not None
    with launched("run", tmp_path, environment=DEMO_SETTINGS) as here:
        people = People(here, http)
        said = here.output.read_text()
        assert "真实数据" in said
        assert "REAL DATA" in said
        assert "DEMO DATA" not in said
        await _no_demo_users(people)
        await _the_administrator_gets_going(people, await people.starts("admin", given))
        await _users_are_seen_to_while_it_runs(people, tmp_path)
        assert here.stop() == 0


async def _no_demo_users(people: People) -> None:
    for username in ("admin", "gm", "rep1"):
        assert (await people.sign_in(username, DEMO_PASSWORD)).json()["slug"] == "sign-in-failed"
    assert (await people.http.get(f"{people.here.identity}/users")).status_code == 404
    for page in ("/", "/docs/customer"):
        shown = (await people.http.get(f"{people.here.ready['base']}{page}")).text
        assert not any(user.name_zh in shown for user in demo_users().values())


async def _the_administrator_gets_going(people: People, admin: dict[str, str]) -> None:
    """He reads what the owners of the policies will set, enrols devices, and moves no clock."""
    for address in people.here.services.values():
        assert (await people.http.get(f"{address}/policies", headers=admin)).status_code == 200
        moved = await people.http.post(f"{address}/business-time/advance", json={"days": 1}, headers=admin)
        assert (moved.status_code, moved.json()["slug"]) == (403, "not-a-demo")
        assert (await people.http.get(f"{address}/business-time", headers=admin)).json()["demo"] is False
    device = {"device": "s-1", "kind": "scanner", "place": "w1"}
    enrolled = await people.http.post(f"{people.here.services['shipping']}/devices", json=device, headers=admin)
    assert enrolled.status_code == 201


async def _users_are_seen_to_while_it_runs(people: People, data: Path) -> None:
    async with users_of(data) as users:
        rep = await people.starts("li", await users.add("li", "李 Li", [Role.SALES_REP]))
        customers = f"{people.here.services['customer']}/customers"
        assert (await people.http.get(customers, headers=rep)).status_code == 200
        await users.switch("li", active=False)
        assert (await people.sign_in("li", OWN)).status_code == 401


async def test_people_sign_in_with_a_provider_where_one_is_set(
    tmp_path: Path, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    signer = Signer("k")
    async with provider(signer) as served:
        for name, value in _provider_settings(served).items():
            monkeypatch.setenv(name, value)
        assert await begin_real(tmp_path, "admin") is None
        with launched("run", tmp_path) as here:
            policies = f"{here.services['customer']}/policies"
            token = signer.token(iss="https://login.factory.example", aud="yard-1", realm={"roles": ["accountant"]})
            assert (await _get(http, policies, token)).status_code == 200
            for elsewhere in (signer.token(), signer.token(iss="https://login.factory.example", aud="yard-2")):
                assert (await _get(http, policies, elsewhere)).status_code == 401
            assert (await http.post(f"{here.identity}/token", json={})).status_code == 404
            assert here.stop() == 0
        for name in _provider_settings(served):
            monkeypatch.delenv(name)
    # what was begun without a user is completed
    assert await begin_real(tmp_path, "admin")


def _provider_settings(served: Provider) -> dict[str, str]:
    return {
        "FANGXING_OIDC_ISSUER": "https://login.factory.example",
        "FANGXING_OIDC_AUDIENCE": "yard-1",
        "FANGXING_OIDC_JWKS": served.url,
        "FANGXING_OIDC_ROLES_CLAIM": "realm.roles",
    }


async def _get(http: httpx.AsyncClient, address: str, token: str) -> httpx.Response:
    return await http.get(address, headers={"Authorization": f"Bearer {token}"})


def test_half_a_provider_is_said_before_anything_is_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FANGXING_OIDC_ISSUER", "https://login.factory.example")
    assert "FANGXING_OIDC_JWKS" in said_by("init", "--data", str(tmp_path / "data"), code=1)
    assert not (tmp_path / "data").exists()
