"""5-4.2.5: missed papers of an emergency shipment are the sales manager's breach; the GM decides, without a fine."""

from typing import TYPE_CHECKING
from uuid import uuid4

from fangxing.roles import Role

if TYPE_CHECKING:
    from conftest import Yard

WHY = {"because": "次日仍未补单"}


async def test_5_4_2_5_the_gm_decides_and_there_is_no_fine(yard: "Yard") -> None:
    case = {"about": f"delivery-note/{uuid4()}", "person": "manager", "acted_as": "sales_manager"}
    body = {"kind": "emergency-papers-missed", **case, "evidence": "出门证已用，无发货通知单"}
    breach = (await yard.svc.post("/breaches", body, as_=yard.as_("audit", Role.AUDIT_MANAGER))).json()
    assert (breach["clause"], breach["decider"], breach["fine_most"]) == ("5-4.2.5", "general_manager", None)
    path = f"/breaches/{breach['id']}/decision"
    fined = await yard.svc.post(path, {"finding": "fine", "fine": "0.01", **WHY}, as_=yard.gm)
    assert (fined.json()["allowed"], fined.json()["verdict"]["clauses"]) == (False, ["5-4.2.5"])
    decided = await yard.svc.post(path, {"finding": "confirm", **WHY}, as_=yard.gm)
    assert (decided.json()["breach"]["status"], decided.json()["breach"]["fine"]) == ("confirmed", None)
