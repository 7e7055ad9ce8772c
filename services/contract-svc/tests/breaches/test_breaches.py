"""4-5: a contract on the wrong route costs 20 to 100 yuan a case; one beyond authority is the company's."""

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from fangxing.roles import Role

if TYPE_CHECKING:
    from conftest import World

WHY = {"because": "未送财务审核"}


async def entered(world: "World", kind: str) -> dict[str, Any]:
    case = {"kind": kind, "about": f"contract/{uuid4()}", "person": "rep1", "acted_as": "sales_rep"}
    audit = world.service.identities.headers("audit", Role.AUDIT_MANAGER)
    answer = await world.service.post("/breaches", {**case, "evidence": "纸质合同"}, as_=audit)
    assert answer.status_code == 201, answer.text
    breach: dict[str, Any] = answer.json()
    return breach


@pytest.mark.parametrize(
    ("fine", "status"), [("19.99", "open"), ("20.00", "fined"), ("100.00", "fined"), ("100.01", "open")]
)
async def test_4_5_the_wrong_route_costs_20_to_100_yuan(world: "World", fine: str, status: str) -> None:
    breach = await entered(world, "contract-wrong-route")
    body = {"finding": "fine", "fine": fine, **WHY}
    decided = (await world.service.post(f"/breaches/{breach['id']}/decision", body, as_=world.manager)).json()
    assert (decided["breach"]["status"], decided["verdict"]["clauses"]) == (status, ["4-5"])


async def test_4_5_a_contract_beyond_authority_is_the_companys(world: "World") -> None:
    breach = await entered(world, "contract-beyond-authority")
    assert (breach["decider"], breach["fine_least"], breach["fine_most"]) == ("general_manager", None, None)
    path, body = f"/breaches/{breach['id']}/decision", {"finding": "confirm", **WHY}
    assert (await world.service.post(path, body, as_=world.manager)).status_code == 403
    assert (await world.service.post(path, body, as_=world.gm)).json()["breach"]["status"] == "confirmed"
