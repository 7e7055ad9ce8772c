"""1-3: which two actions on one chain of documents are never the same person's, tried pair by pair."""

from typing import TYPE_CHECKING, Any

import pytest

from customer_svc.grading.policies import PAIRS
from fangxing.roles import Role

if TYPE_CHECKING:
    from conftest import Office


RETURNED = {"return.propose": "退货单·提出", "return.receive": "退货单·收货", "return.inspect": "退货单·检验"}
"""What is done with a return before its credit, as people say it."""


async def tried(office: "Office", path: str, person: str, role: Role, body: Any = None) -> tuple[int, str | None]:
    answer = await office.svc.post(path, body, as_=office.as_(person, role))
    return answer.status_code, answer.json().get("slug")


def test_every_pair_is_tried_here_or_with_the_deputies_or_adjustments() -> None:
    assert PAIRS.pairs == (
        ("credit-application.apply", "credit-application.decide"),
        ("credit-application.apply", "credit-application.enter"),
        ("adjustment.file", "adjustment.decide"),
        ("delegation.propose", "delegation.confirm"),
        *((action, "credit-note.confirm") for action in RETURNED),
    )


async def test_1_3_whoever_applied_does_not_decide(office: "Office") -> None:
    application = await office.apply(await office.customer())
    path = f"/credit-applications/{application['id']}/decisions"
    yes = {"decision": "approve", "seen_hash": application["approval"]["hash"]}
    assert await tried(office, path, "rep1", Role.SALES_MANAGER, yes) == (403, "own-case")
    assert await tried(office, path, "manager", Role.SALES_MANAGER, yes) == (200, None)


async def test_1_3_whoever_applied_does_not_enter(office: "Office") -> None:
    application = await office.approved(await office.customer())
    path = f"/credit-applications/{application['id']}/entry"
    assert await tried(office, path, "rep1", Role.ACCOUNTANT) == (403, "incompatible-hands")
    assert await tried(office, path, "accountant", Role.ACCOUNTANT) == (200, None)


async def test_1_3_whoever_proposed_a_deputy_does_not_confirm_him(office: "Office") -> None:
    for person, role in (("manager", Role.SALES_MANAGER), ("sun", Role.ACCOUNTANT)):
        await office.staff(person, role)
    days = {"since": "2026-03-02", "until": "2026-03-08", "reason": "住院"}
    body = {"role": "sales_manager", "holder": "manager", "deputy": "sun", **days}
    made = await office.done("admin", "/delegations/proposals", body)
    path = f"/delegations/{made['id']}/confirmation"
    assert await tried(office, path, "admin", Role.GENERAL_MANAGER) == (403, "incompatible-hands")
    assert await tried(office, path, "gm", Role.GENERAL_MANAGER) == (200, None)


@pytest.mark.parametrize("action", RETURNED)
async def test_1_3_whoever_had_a_hand_in_a_return_does_not_confirm_its_credit(office: "Office", action: str) -> None:
    customer = await office.customer()
    note = await office.ship(customer, ("1.000", "60.00"))
    pending = await office.goods_return(customer, note, (1, "1.000", "60.00"), hands={action: ["finance"]})
    path = f"/credit-notes/{pending['id']}/confirmation"
    shown = await office.read(f"/credit-notes/{pending['id']}", "finance")
    assert shown["actions"] == []
    assert (await office.read(f"/credit-notes/{pending['id']}"))["actions"] == ["confirm"]
    refused = await office.svc.post(path, as_=office.as_("finance", Role.FINANCE_MANAGER))
    assert (refused.status_code, refused.json()["slug"]) == (403, "incompatible-hands")
    assert refused.json()["title"] == f"您已经手“{RETURNED[action]}”，“贷项通知单·确认”须由另一人办理"
    assert await tried(office, path, "accountant", Role.ACCOUNTANT) == (200, None)
