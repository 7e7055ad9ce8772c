"""Limit 100.00 and fifty concurrent releases of 60.00 over HTTP: one goes, the others name the road (I1)."""

import asyncio
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from business import Business, business, served

from fangxing.roles import Role
from fangxing_embedded.postgres import PostgresServer
from fangxing_testing.identity import Identities


@pytest.mark.timeout(180)
async def test_of_fifty_concurrent_releases_exactly_one_goes(postgres: PostgresServer, tmp_path: Path) -> None:
    async with business(postgres, Identities(tmp_path)) as firm:
        hot, calm = await _customer(firm, "100.00"), await _customer(firm, "600.00")
        racing = [await _ready(firm, hot[0]) for _ in range(50)]
        others = [await _ready(firm, calm[0]) for _ in range(10)]
        async with served(firm) as address, httpx.AsyncClient(base_url=address, timeout=60) as client:
            answers = await asyncio.gather(*[_decide(firm, client, notice) for notice in [*racing, *others]])
        assert {answer.status_code for answer in answers} == {200}
        bodies = [answer.json() for answer in answers]
        assert [body["status"] for body in bodies[:50]].count("released") == 1
        refused = [body["verdict"] for body in bodies[:50] if body["status"] != "released"]
        assert {(verdict["allowed"], verdict["outcome"]) for verdict in refused} == {(False, "over")}
        assert all(verdict["would_pass"] and verdict["clauses"] == ["5-4.2.1-C"] for verdict in refused)
        assert {body["status"] for body in bodies[50:]} == {"released"}
        assert (await firm.views(hot[1]))[1] == Decimal("60.00")
        assert (await firm.views(calm[1]))[1] == Decimal("600.00")


async def _customer(firm: Business, limit: str) -> tuple[Any, Any]:
    """A customer whose limit shipping-svc has in force, with an order; the order and the account."""
    customer, account = await firm.open_customer(limit=limit)
    for letter in await firm.letters(firm.customer, account, 0):
        await firm.shipping.receive(letter.delivery)
    return await firm.order(customer, account), account


async def _ready(firm: Business, order: tuple[Any, Any]) -> dict[str, Any]:
    """A notice over 60.00 that only waits for the manager."""
    body = {
        "order_id": str(order[0]),
        "kind": "regular",
        "ship_on": "2026-03-10",
        "lines": [{"order_line_id": str(order[1]), "tons": "6.000"}],
    }
    notice = await firm.post(firm.shipping, "/notices", body, "rep1", Role.SALES_REP)
    path = f"/notices/{notice['id']}/finance-review"
    return await firm.post(firm.shipping, path, {}, "accountant", Role.ACCOUNTANT)


async def _decide(firm: Business, client: httpx.AsyncClient, notice: dict[str, Any]) -> httpx.Response:
    """The manager says yes; told that too many do so at once he says it again, with the same key."""
    headers = {**firm.as_("manager", Role.SALES_MANAGER), "Idempotency-Key": uuid4().hex}
    yes = {"decision": "approve", "seen_hash": notice["approval"]["hash"]}
    while True:
        answer = await client.post(f"/notices/{notice['id']}/decisions", headers=headers, json=yes)
        if answer.status_code != 503:
            return answer
