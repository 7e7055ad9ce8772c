"""1-3: a leaver is out in all five services within a minute, as ten processes on Kafka, though his token is good."""

import time
from pathlib import Path

import httpx
import pytest

from fangxing_embedded.kafka import ADDRESS_VARIABLE, KafkaBroker
from fangxing_testing.waiting import eventually
from standalone.identity import DEMO_PASSWORD
from standalone.launch import Launched, launched


class Signed:
    """Somebody who signed in and goes on with his token."""

    def __init__(self, here: Launched, http: httpx.AsyncClient, token: str) -> None:
        self._here, self._http = here, http
        self._headers = {"Authorization": f"Bearer {token}"}

    async def told(self) -> set[str]:
        """What the five services say to him: their slugs, or "ok"."""
        answers = [await self._http.get(f"{url}/tasks", headers=self._headers) for url in self._here.services.values()]
        return {"ok" if answer.is_success else answer.json()["slug"] for answer in answers}

    async def post(self, path: str, body: object) -> None:
        """POST to customer-svc."""
        headers = {**self._headers, "Idempotency-Key": path}
        answer = await self._http.post(f"{self._here.services['customer']}{path}", json=body, headers=headers)
        assert answer.is_success, answer.text

    async def record(self, person: str) -> str:
        """The id of the staff record of `person`."""
        url = f"{self._here.services['customer']}/staff"
        found = await self._http.get(url, params={"search": person}, headers=self._headers)
        return str(found.json()["items"][0]["id"])


async def signed_in(here: Launched, http: httpx.AsyncClient, username: str) -> Signed:
    body = {"username": username, "password": DEMO_PASSWORD}
    answer = await http.post(f"{here.identity}/token", json=body)
    return Signed(here, http, answer.json()["access_token"])


async def test_a_leaver_is_out_everywhere_within_a_minute(tmp_path: Path, kafka: KafkaBroker) -> None:
    if kafka.flavour == "mock":
        pytest.skip("no real Kafka here")
    environment = {ADDRESS_VARIABLE: kafka.bootstrap}
    async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
        with launched("run-kafka", tmp_path, environment=environment, seconds=300) as here:
            admin, leaver = await signed_in(here, http, "admin"), await signed_in(here, http, "rep2")

            async def is_told(what: str) -> bool:
                return await leaver.told() == {what}

            assert await is_told("ok")
            await admin.post(f"/staff/{await admin.record('rep2')}/switch-off", {"reason": "离职"})
            began = time.monotonic()
            await eventually(lambda: is_told("staff-switched-off"), seconds=60)
            print(f"out everywhere after {time.monotonic() - began:.1f} s")
            assert here.stop() == 0
