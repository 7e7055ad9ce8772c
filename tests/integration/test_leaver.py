"""1-3: whoever is switched off in customer-svc is out elsewhere too, though his token is good for hours."""

import asyncio
from pathlib import Path

import customer_svc.main
import shipping_svc.main
from fangxing.bus.local import LocalBus
from fangxing.roles import Role
from fangxing.running.worker import work
from fangxing_embedded.postgres import PostgresServer
from fangxing_testing.harness import ServiceUnderTest, service_under_test
from fangxing_testing.identity import Identities
from fangxing_testing.waiting import eventually

ADMINISTRATOR, KEEPER = Role.ADMINISTRATOR, Role.WAREHOUSE_KEEPER


async def test_1_3_a_leaver_is_out_in_another_service_within_seconds(
    postgres: PostgresServer, fresh_database: str, tmp_path: Path
) -> None:
    identities, bus = Identities(tmp_path), await LocalBus.open(postgres.dsn(fresh_database))
    stop = asyncio.Event()
    settings = {"transport": bus, "staff_required": True, "staff_seconds": 0.5}
    async with (
        service_under_test(customer_svc.main.SERVICE, postgres, identities, **settings) as customer,  # type: ignore[arg-type]
        service_under_test(shipping_svc.main.SERVICE, postgres, identities, **settings) as shipping,  # type: ignore[arg-type]
        asyncio.TaskGroup() as group,
    ):
        for service in (customer, shipping):
            group.create_task(work(service.runtime, stop))
        admin, ma = identities.headers("root", ADMINISTRATOR), identities.headers("ma", KEEPER)

        async def said(service: ServiceUnderTest) -> tuple[int, str | None]:
            answer = await service.get("/tasks", as_=ma)
            return answer.status_code, answer.json().get("slug")

        async def both(expected: tuple[int, str | None]) -> bool:
            return [await said(service) for service in (customer, shipping)] == [expected] * 2

        assert await both((403, "staff-unknown"))
        terms = [{"role": KEEPER, "since": "2026-01-01", "until": None}]
        record = (await customer.post("/staff", {"person": "ma", "name": "马强", "roles": terms}, as_=admin)).json()
        await eventually(lambda: both((200, None)))
        await customer.post(f"/staff/{record['id']}/switch-off", {"reason": "离职"}, as_=admin)
        await eventually(lambda: both((403, "staff-switched-off")))
        stop.set()
    await bus.close()
