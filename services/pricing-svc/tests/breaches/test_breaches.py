"""3-10: a price beyond authority costs 50 to 500 yuan a case, by the sales manager; serious ones are the company's."""

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

if TYPE_CHECKING:
    from conftest import Desk

WHY = {"because": "客户已接受未获批准的价格"}


async def entered(desk: "Desk", kind: str = "price-beyond-authority", **more: Any) -> dict[str, Any]:
    case = {"kind": kind, "about": f"quotation/{uuid4()}", "person": "rep", "acted_as": "sales_rep"}
    return await desk.done("audit", "/breaches", {**case, "evidence": "报价单与合同", **more})


@pytest.mark.parametrize(
    ("fine", "status"), [("49.99", "open"), ("50.00", "fined"), ("500.00", "fined"), ("500.01", "open")]
)
async def test_3_10_the_sales_manager_fines_50_to_500_yuan(desk: "Desk", fine: str, status: str) -> None:
    breach = await entered(desk)
    assert (breach["clause"], breach["decider"]) == ("3-10", "sales_manager")
    body = {"finding": "fine", "fine": fine, **WHY}
    assert await desk.refused("gm", f"/breaches/{breach['id']}/decision", body) == (403, "role-required")
    decided = await desk.done("manager", f"/breaches/{breach['id']}/decision", body)
    assert (decided["breach"]["status"], decided["verdict"]["clauses"]) == (status, ["3-10"])


async def test_3_10_the_sales_managers_own_is_the_gms(desk: "Desk") -> None:
    breach = await entered(desk, person="manager", acted_as="sales_manager")
    assert breach["decider"] == "general_manager"


async def test_3_8_2_b_missed_papers_have_no_fine(desk: "Desk") -> None:
    path = f"/breaches/{(await entered(desk, 'price-papers-missed'))['id']}/decision"
    assert not (await desk.done("manager", path, {"finding": "fine", "fine": "50.00", **WHY}))["allowed"]
    assert (await desk.done("manager", path, {"finding": "confirm", **WHY}))["breach"]["status"] == "confirmed"
