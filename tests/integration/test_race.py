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
        hot, calm = await firm.customer_with_order("100.00"), await firm.customer_with_order("600.00")
        racing = [await firm.ready(hot[0], Decimal(6)) for _ in range(50)]
        others = [await firm.ready(calm[0], Decimal(6)) for _ in range(10)]
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


async def _decide(firm: Business, client: httpx.AsyncClient, notice: dict[str, Any]) -> httpx.Response:
    """The manager says yes; told that too many do so at once he says it again, with the same key."""
    headers = {**firm.as_("manager", Role.SALES_MANAGER), "Idempotency-Key": uuid4().hex}
    yes = {"decision": "approve", "seen_hash": notice["approval"]["hash"]}
    while True:
        answer = await client.post(f"/notices/{notice['id']}/decisions", headers=headers, json=yes)
        if answer.status_code != 503:
            return answer
