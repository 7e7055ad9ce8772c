"""The demo's story in both modes: standalone in one process, and ten processes on a real Kafka."""

import asyncio
import os
import subprocess
import sysconfig
from collections import Counter
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
import watching
from messages import faults_of
from watching import kill, replaced

from fangxing.text import Text
from fangxing_embedded.kafka import ADDRESS_VARIABLE, KafkaBroker
from standalone.client import Client, TokenSource, UnexpectedAnswerError, demo_sign_in
from standalone.launch import Launched, launched
from standalone.stage import Stage, WrongFigureError
from standalone.story import play

pytestmark = pytest.mark.timeout(300)

REFUSED = "ck_credit_applications_refused"
"""The constraint that a statement fails with."""


class Quiet:
    """Listens, and keeps which exposures were agreed on."""

    def __init__(self) -> None:
        self.agreed: list[str] = []

    def chapter(self, letter: str, title: Text) -> None:
        """See Narrator."""

    def step(self, who: str, text: Text) -> None:
        """See Narrator."""

    def verdict(self, zh: Mapping[str, Any], en: Mapping[str, Any] | None = None) -> None:
        """See Narrator."""

    def exposure(self, customer: Mapping[str, Any], shipping: Mapping[str, Any]) -> None:
        """See Narrator."""
        self.agreed.append(customer["exposure"])


class Watchful(Client):
    """A client that remembers what nobody else may ever read: tokens, and the keys and passes it is given."""

    def __init__(self, services: Mapping[str, str], tokens: TokenSource) -> None:
        self.secrets: set[str] = set()

        async def remembered(who: str) -> str:
            token = await tokens(who)
            self.secrets.add(token)
            return token

        super().__init__(services, remembered)

    async def post(self, *asked: Any, **options: Any) -> Any:
        """See `Client.post`."""
        answer = await super().post(*asked, **options)
        self.secrets |= {answer[name] for name in ("key", "token") if name in answer}
        self.secrets |= {answer["exit_pass"]["token"]} if answer.get("exit_pass") else set()
        return answer


async def _plays(here: Launched, client: Client) -> Stage:
    listener = Quiet()
    async with client:
        stage = await play(client, listener)
        # One cent off is noticed, and said with what each service shows.
        stage.patience = 0.5
        with pytest.raises(
            WrongFigureError, match=r"expected 41984\.01, customer-svc 41984\.00, shipping-svc 41984\.00"
        ):
            await stage.agree("41984.01")
    changes = [exposure for exposure, _ in groupby(listener.agreed)]
    assert changes == ["0.00", "80000.00", "79984.00", "49984.00", "65984.00", "49984.00", "41984.00"]
    return stage


async def test_the_story_plays_in_one_process_and_its_logs_tell_no_secrets(tmp_path: Path) -> None:
    with launched("run", tmp_path, "--demo") as here:
        client = Watchful(here.services, demo_sign_in(here.identity))
        stage = await _plays(here, client)
        secrets = client.secrets | await _a_statement_fails(here, tmp_path, stage) | await _a_password_is_wrong(here)
        assert here.stop() == 0
    logs = _logs(tmp_path)
    assert set(logs) == {"output.log", "server.log"}
    # what went wrong is said, by the service and by PostgreSQL
    assert all(REFUSED in text for text in logs.values())
    assert len(secrets) > 10
    told = {name: [secret for secret in secrets if secret in text] for name, text in logs.items()}
    assert told == {"output.log": [], "server.log": []}


def _sockets(cluster: Path) -> str:
    return (cluster / "postmaster.pid").read_text().splitlines()[4]


def _logs(data: Path) -> dict[str, str]:
    return {path.name: path.read_text(errors="replace") for path in data.rglob("*.log")}


async def _a_statement_fails(here: Launched, data: Path, stage: Stage) -> set[str]:
    """Let the database refuse a row; the name and the amount in it."""
    name, amount = f"不可外传 {stage.tag}", "76543.21"
    sockets = _sockets(data / "postgres" / "cluster")
    connection = await asyncpg.connect(host=sockets, user="postgres", database="customer")
    await connection.execute(
        f"ALTER TABLE credit_applications ADD CONSTRAINT {REFUSED} CHECK (limit_amount <> {amount})"
    )
    await connection.close()
    asked = {"customer_id": stage.ids["customer"], "grade": "B", "limit": amount, "reasons": name}
    async with Client(here.services, demo_sign_in(here.identity)) as client:
        with pytest.raises(UnexpectedAnswerError, match="answered 500"):
            await client.post("rep1", "customer", "/credit-applications", asked)
    return {name, amount}


async def _a_password_is_wrong(here: Launched) -> set[str]:
    typed = {"username": "rep1", "password": "almost-right"}
    async with httpx.AsyncClient(trust_env=False) as http:
        assert (await http.post(f"{here.identity}/token", json=typed)).status_code == 401
    return {typed["password"]}


def test_a_command_that_cannot_start_shows_no_password() -> None:
    environment = {**os.environ, "CUSTOMER_SVC_DATABASE_URL": "postgresql://somebody:my-password@127.0.0.1:1/nothing"}
    command = [str(Path(sysconfig.get_path("scripts")) / "customer-svc"), "migrate"]
    names = ("JWKS", "SIGNING_KEY", "ISSUER", "AUDIENCE")
    settings = {f"CUSTOMER_SVC_{name}": "/nothing" for name in names}
    for known in ({}, settings):
        ended = subprocess.run(
            command, env=environment | known, capture_output=True, text=True, timeout=60, check=False
        )
        said = ended.stdout + ended.stderr
        assert ended.returncode != 0
        assert ("ConnectionRefusedError" if known else "jwks") in said
        assert "my-password" not in said


async def test_the_story_plays_in_ten_processes_on_kafka(tmp_path: Path, kafka: KafkaBroker) -> None:
    if kafka.flavour == "mock":
        pytest.skip("no real Kafka here")
    with launched("run-kafka", tmp_path, "--demo", environment={ADDRESS_VARIABLE: kafka.bootstrap}) as here:
        pids = here.ready["pids"]
        # the parent, PostgreSQL, and an API and a worker for each service; the broker is not ours
        assert len(set(pids.values())) == 12
        await _plays(here, Client(here.services, demo_sign_in(here.identity)))
        await _workers_are_watched(here)
        faults, seen = await asyncio.to_thread(_messages, kafka, tmp_path)
        assert faults == []
        assert seen.keys() >= {"log.DecisionLogSealed.v1", "shipping.ShipmentReleased.v1", "customer.InvoiceIssued.v1"}
        # One process that dies is started again alone.
        gone = kill(here, "complaint-worker")
        await replaced(here, "complaint-worker", gone)
        now = watching.pids(here)
        assert {name for name, pid in now.items() if pids[name] != pid} == {"complaint-worker"}
        pids = now
        assert here.stop() == 0
    assert not any(_lives(pid) for pid in pids.values())


def _messages(kafka: KafkaBroker, data: Path) -> tuple[list[str], Counter[str]]:
    [prefix] = data.rglob("topic-prefix")
    return faults_of(kafka.bootstrap, prefix.read_text())


async def _workers_are_watched(here: Launched) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        for name, address in here.ready["metrics"].items():
            figures = (await http.get(address)).text
            assert f'fangxing_dead_letters{{service="{name}-svc",status="poison"}} 0.0' in figures


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
