"""3-8.2-B: on site a price is agreed by phone, on the superior's word; its papers follow by the next working day."""

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from fangxing.auth import Principal
from fangxing.phone.covering import covers
from fangxing.roles import Role
from fangxing.running import timers
from pricing_svc.phone.policies import PRICE_BY_PHONE
from pricing_svc.phone.timers import TIMERS

if TYPE_CHECKING:
    from conftest import Desk


def word(desk: "Desk", price: str = "9200.00") -> dict[str, Any]:
    now = desk.clock.now()
    return {
        "channel": "price",
        "superior": "manager",
        "superior_role": "sales_manager",
        "given_at": now.isoformat(),
        "expires_at": (now + timedelta(hours=4)).isoformat(),
        "scope": "恒力纺织 FDY-75，20 吨",
        "least_price": price,
    }


async def test_3_8_2_b_the_lowest_price_of_the_word_binds_and_its_papers_are_due(desk: "Desk") -> None:
    registered = (await desk.done("rep", "/phone-words", word(desk)))["word"]
    rep = Principal("rep", "Rep", frozenset({Role.SALES_REP}))

    async def covered(price: str) -> bool:
        async with desk.service.runtime.unit_of_work(rep) as unit:
            word_id, figure = UUID(registered["id"]), Decimal(price)
            return (await covers(unit, PRICE_BY_PHONE, word_id, document="quotation/1", figure=figure)).allowed

    assert (await covered("9199.99"), await covered("9200.00")) == (False, True)
    (task,) = (await desk.read("/tasks", person="rep"))["items"]
    assert (task["kind"], task["due_on"]) == ("phone.papers", "2026-03-03")

    for _ in range(2):
        desk.clock.advance(days=1)
        async with desk.service.runtime.unit_of_work() as unit:
            await timers.step(unit, TIMERS[0])
    (breach,) = (await desk.read("/breaches", person="rep"))["items"]
    assert (breach["kind"], breach["decider"]) == ("price-papers-missed", "sales_manager")
    again = await desk.done("rep", "/phone-words", word(desk))
    assert (again["allowed"], again["verdict"]["clauses"]) == (False, ["3-8.2-B"])

    await desk.done("rep", f"/phone-words/{registered['id']}/papers", {"papers": "报价审批单"})
    await desk.done("manager", f"/phone-words/{registered['id']}/confirmation")
    assert (await desk.done("rep", "/phone-words", word(desk)))["allowed"]
