"""A row that somebody holds and does not let go: who needs it is told to come again, and nobody else waits."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
from business import Business, business, served
from sqlalchemy import select, text

from fangxing.roles import Role
from fangxing_embedded.postgres import PostgresServer
from fangxing_testing.identity import Identities
from fangxing_testing.waiting import eventually
from shipping_svc.papers.store import ExitPass

LOCK_SECONDS = 3.0
CROWDED_SECONDS = 0.5
RELEASES = 12
# half of the pool waits its full time; a waiter may first wait for a connection, then behind another one for the row
PATIENT = 5
BOUND = 4 * LOCK_SECONDS

_WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


@asynccontextmanager
async def held(firm: Business, account: UUID) -> AsyncIterator[None]:
    """A transaction that has locked the account in shipping-svc and does nothing more, for the length of the block."""
    async with firm.shipping.database.engine.connect() as connection:
        await connection.execute(text("SET idle_in_transaction_session_timeout = 0"))
        await connection.execute(text("SELECT 1 FROM credit_accounts WHERE id = :id FOR UPDATE"), {"id": account})
        yield
        await connection.invalidate()


async def timed(answer: Awaitable[httpx.Response]) -> tuple[httpx.Response, float]:
    began = time.monotonic()
    return await answer, time.monotonic() - began


async def waiting(firm: Business) -> int:
    async with firm.shipping.database.reader() as reader:
        return await reader.scalar(_WAITING) or 0


async def pass_of_a_truck(firm: Business, order: tuple[UUID, UUID]) -> str:
    """The number of the exit pass of a truck that is loaded and signed for."""
    await firm.ship(await firm.notice(order, Decimal(1)), Decimal(1))
    async with firm.shipping.database.reader() as reader:
        return str((await reader.execute(select(ExitPass.short_number))).scalar_one())


class Desk:
    """People who speak to shipping-svc over HTTP."""

    def __init__(self, firm: Business, client: httpx.AsyncClient) -> None:
        self._firm = firm
        self._client = client

    async def release(self, notice: dict[str, Any], key: str) -> httpx.Response:
        """The manager says yes, which releases the notice."""
        return await self._client.post(
            f"/notices/{notice['id']}/decisions",
            headers={**self._firm.as_("manager", Role.SALES_MANAGER), "Idempotency-Key": key},
            json={"decision": "approve", "seen_hash": notice["approval"]["hash"]},
        )

    async def let_out(self, number: str) -> httpx.Response:
        """The guard lets a truck out."""
        return await self._client.post(
            "/gate/exits",
            headers={**self._firm.as_("guard", Role.GATE_GUARD), "Idempotency-Key": uuid4().hex},
            json={"presented": number, "vehicle": "浙G12345", "gate": "EAST"},
        )


async def test_who_needs_a_held_account_is_told_to_come_again_and_nobody_else_waits(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    patience = {"lock_seconds": LOCK_SECONDS, "crowded_lock_seconds": CROWDED_SECONDS}
    async with business(postgres, Identities(tmp_path), pool_size=10, **patience) as firm:
        (order, account), (other, _) = [await firm.customer_with_order("10000.00") for _ in range(2)]
        notices = {uuid4().hex: await firm.ready(order, Decimal(1)) for _ in range(RELEASES)}
        elsewhere, number = await firm.ready(other, Decimal(1)), await pass_of_a_truck(firm, other)
        async with served(firm) as address, httpx.AsyncClient(base_url=address, timeout=60) as client:
            desk = Desk(firm, client)
            async with held(firm, account):
                refused = [asyncio.create_task(timed(desk.release(notice, key))) for key, notice in notices.items()]
                await eventually(lambda: waiting(firm))
                out, released = await asyncio.gather(desk.let_out(number), desk.release(elsewhere, uuid4().hex))
                assert sum(not waiter.done() for waiter in refused) >= PATIENT
                assert (out.status_code, out.json().get("allowed")) == (200, True)
                assert (released.status_code, released.json().get("status")) == (200, "released")
                for answer, took in await asyncio.gather(*refused):
                    assert (answer.status_code, answer.json()["slug"], took < BOUND) == (503, "busy", True), took
                    assert answer.headers["retry-after"] == "1"
            assert (await firm.views(account))[1] == 0
            for _ in range(2):
                answers = await asyncio.gather(*[desk.release(notice, key) for key, notice in notices.items()])
                assert {(answer.status_code, answer.json()["status"]) for answer in answers} == {(200, "released")}
        assert (await firm.views(account))[1] == Decimal(10 * RELEASES)
