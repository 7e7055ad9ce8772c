"""What the fault tests of both ways of running share: killing by process id, health, and figures that flow."""

import json
import os
import signal
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from fangxing_testing.waiting import eventually
from standalone.client import Client, demo_sign_in
from standalone.launch import Launched
from standalone.stage import Stage


class Silent:
    """Tells nobody anything: a Narrator for a story nobody listens to."""

    def chapter(self, *told: object) -> None:
        """See Narrator."""

    step = verdict = exposure = chapter


def pids(here: Launched) -> dict[str, int]:
    """The process ids the command says now."""
    told: dict[str, int] = json.loads((here.output.parent / "ready.json").read_bytes())["pids"]
    return told


def kill(here: Launched, name: str) -> int:
    """kill -9; the process id that is gone."""
    pid = pids(here)[name]
    os.kill(pid, signal.SIGKILL)
    return pid


async def replaced(here: Launched, name: str, gone: int) -> None:
    """Wait until another process has taken the place of the one that is gone."""

    async def is_replaced() -> bool:
        assert here.process.poll() is None, here.output.read_text()
        return pids(here)[name] != gone

    await eventually(is_replaced, seconds=60)


async def health(here: Launched, service: str, what: str = "ready") -> tuple[int, dict[str, Any]]:
    """The status and the body of a service's answer."""
    async with httpx.AsyncClient(trust_env=False, timeout=10) as http:
        answer = await http.get(f"{here.services[service]}/health/{what}", headers={"Accept-Language": "en"})
        return answer.status_code, answer.json()


async def all_ready(here: Launched) -> None:
    """Wait until every service is ready."""

    async def are_ready() -> bool:
        try:
            return all([(await health(here, service))[0] == 200 for service in here.services])
        except httpx.TransportError:
            return False  # a process that was killed is not there yet

    await eventually(are_ready, seconds=60)


async def figures_flow(here: Launched, between: Callable[[], Awaitable[None]]) -> None:
    """Open a customer, let `between` happen, post a payment: shipping-svc's copy of the account shows it."""
    async with Client(here.services, demo_sign_in(here.identity)) as client:
        stage = Stage(client, Silent())
        customer = await client.post(
            "rep1",
            "customer",
            "/customers",
            {
                "number": f"C-{stage.tag}",
                "name": "嘉兴织造厂",
                "address": "浙江嘉兴",
                "contact": "沈先生",
                "terms": {"kind": "credit", "days": 30},
            },
        )
        stage.ids["account"] = customer["account_id"]
        await stage.agree("0.00", receivable="0.00")
        await between()
        payment = {"customer_id": customer["id"], "reference": f"HK-{stage.tag}", "amount": "30000.00"}
        await client.post("accountant", "customer", "/payments", {**payment, "purpose": "receivable"})
        await stage.agree("-30000.00", receivable="-30000.00")
