"""1-3: every role on every route, and what a rep sees of another rep's customers: nothing."""

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from fangxing.roles import Role
from fangxing.web.access import Access
from fangxing.web.app import create_app, declared_routes
from shipping_svc.main import SERVICE

if TYPE_CHECKING:
    from conftest import Yard

ROUTES = declared_routes(create_app(SERVICE))
BY_ROLE = [(method, path, access) for method, path, access in ROUTES if not access.public and access.device is None]

# who moves what, as the manual says; reading is wider
MOVERS: dict[str, set[Role]] = {
    "/notices": {Role.SALES_REP},
    "/notices/{notice_id}/finance-review": {Role.ACCOUNTANT},
    "/notices/{notice_id}/overdue-reason": {Role.SALES_REP},
    "/notices/{notice_id}/decisions": {Role.SALES_MANAGER, Role.GENERAL_MANAGER},
    "/notices/{notice_id}/cancellation": {Role.SALES_REP, Role.SALES_MANAGER},
    "/notices/{notice_id}/closing": {Role.WAREHOUSE_SUPERVISOR, Role.SALES_MANAGER},
    "/notices/{notice_id}/transport-notice": {Role.SALES_REP},
    "/credit-exceptions": {Role.GENERAL_MANAGER},
    "/credit-exceptions/{exception_id}/revocation": {Role.GENERAL_MANAGER},
    "/quality-reports": {Role.QUALITY, Role.QUALITY_SUPERVISOR},
    "/lots/{lot}/unblocking": {Role.QUALITY, Role.QUALITY_SUPERVISOR},
    "/devices": {Role.ADMINISTRATOR},
    "/devices/{device}/switching-off": {Role.ADMINISTRATOR, Role.WAREHOUSE_SUPERVISOR},
    "/loadings": {Role.WAREHOUSE_KEEPER},
    "/loadings/{loading_id}/signatures": {Role.WAREHOUSE_KEEPER},
    "/delivery-notes/{note_id}/exit-passes": {Role.WAREHOUSE_SUPERVISOR},
    "/gate/exits": {Role.GATE_GUARD},
}


def address(path: str) -> str:
    for name in (
        "notice_id",
        "account_id",
        "loading_id",
        "note_id",
        "letter_id",
        "exception_id",
        "task_id",
        "pass_id",
        "block_id",
    ):
        path = path.replace("{" + name + "}", str(uuid4()))
    return (
        path.replace("{device}", "s1")
        .replace("{lot}", "L1")
        .replace("{short_number}", "12345674")
        .replace("{key}", "notice.strict")
    )


def test_1_3_who_moves_what_is_what_the_manual_says() -> None:
    own = {route.path for router in SERVICE.routers for route in router.routes}  # type: ignore[attr-defined]
    declared = {path: set(access.roles) for method, path, access in BY_ROLE if method == "POST" and path in own}
    assert declared == MOVERS
    assert {path for _, path, access in ROUTES if access.device == "scanner"} == {"/scans", "/scans/batch"}


async def test_1_3_every_role_that_is_not_allowed_gets_403_and_strangers_401(yard: "Yard") -> None:
    asked = 0
    for method, path, access in BY_ROLE:
        for role in set(Role) - access.roles:
            answer = await yard.svc.post(address(path), {}, as_=yard.as_(f"a-{role}", role), method=method)
            assert (answer.status_code, answer.json()["slug"]) == (403, "role-required"), (method, path, role)
            asked += 1
        stranger = await yard.svc.post(address(path), {}, method=method)
        assert stranger.status_code == 401, (method, path)
        nobody = await yard.svc.post(address(path), {}, as_=yard.as_("nobody"), method=method)
        assert (nobody.status_code == 403) is not access.whoever, (method, path)
    assert asked > 100


@pytest.mark.parametrize(("method", "path", "access"), BY_ROLE, ids=[f"{m} {p}" for m, p, _ in BY_ROLE])
async def test_1_3_every_role_that_is_allowed_gets_past_the_door(
    yard: "Yard", method: str, path: str, access: Access
) -> None:
    for role in access.roles:
        answer = await yard.svc.post(address(path), {}, as_=yard.as_(f"a-{role}", role), method=method)
        assert answer.status_code in (200, 400, 404) or answer.json()["slug"] == "policy-not-yours", answer.text


async def test_another_reps_customers_are_not_there(yard: "Yard") -> None:
    account = await yard.customer(limit="6000.00")
    order = await yard.order(account)
    notice = await yard.released(order, "2.000")
    await yard.announce(notice)
    signed = await yard.shipped(notice, "1.000", last_truck=False)
    other = yard.as_("rep2", Role.SALES_REP)
    reading = {
        f"/notices/{notice['id']}": "notice-not-found",
        f"/delivery-notes/{signed['delivery_note']['id']}": "delivery-note-not-found",
        f"/credit-accounts/{account}": "credit-account-not-found",
    }
    for path, slug in reading.items():
        answer = await yard.svc.get(path, as_=other)
        assert (answer.status_code, answer.json()["slug"]) == (404, slug)
        assert (await yard.svc.get(path, as_=yard.rep)).status_code == 200
    for path in ("/notices", "/delivery-notes"):
        assert (await yard.svc.get(path, as_=other)).json()["items"] == []
        assert len((await yard.svc.get(path, as_=yard.rep)).json()["items"]) == 1
    truck = {"vehicle": "浙B1", "driver": "李", "carrier": "顺安"}
    moving: list[tuple[str, dict[str, Any]]] = [
        ("overdue-reason", {"reason": "x"}),
        ("cancellation", {}),
        ("transport-notice", truck),
    ]
    for action, body in moving:
        assert await yard.refused(f"/notices/{notice['id']}/{action}", body, other) == (404, "notice-not-found")
    filed = {
        "order_id": str(order[0]),
        "kind": "regular",
        "ship_on": "2026-03-05",
        "lines": [{"order_line_id": str(order[1]), "tons": "1.000"}],
    }
    assert await yard.refused("/notices", filed, other) == (404, "order-not-found")


async def test_a_rep_who_took_the_customer_over_sees_its_papers(yard: "Yard") -> None:
    account = await yard.customer()
    notice = await yard.notice(await yard.order(account))
    await yard.hand_over(account, "rep2")
    for subject, status in (("rep1", 404), ("rep2", 200)):
        answer = await yard.svc.get(f"/notices/{notice['id']}", as_=yard.as_(subject, Role.SALES_REP))
        assert answer.status_code == status


async def test_1_3_nobody_approves_what_he_filed(yard: "Yard") -> None:
    both = yard.as_("rep1", Role.SALES_REP, Role.SALES_MANAGER)
    notice = await yard.review(await yard.notice(await yard.order(await yard.customer())))
    body = {"decision": "approve", "seen_hash": notice["approval"]["hash"]}
    assert await yard.refused(f"/notices/{notice['id']}/decisions", body, both) == (403, "own-case")


async def test_1_3_10_the_manager_does_not_sign_for_the_gm_and_nobody_signs_twice(yard: "Yard") -> None:
    account = await yard.customer(limit="0.00")
    notice = await yard.review(await yard.notice(await yard.order(account)))
    path, body = f"/notices/{notice['id']}/decisions", {"decision": "approve", "seen_hash": notice["approval"]["hash"]}
    assert await yard.refused(path, body, yard.gm) == (403, "role-required")
    both = yard.as_("boss", Role.SALES_MANAGER, Role.GENERAL_MANAGER)
    assert (await yard.approve(notice, both))["status"] == "in_approval"
    assert await yard.refused(path, body, yard.manager) == (403, "role-required")
    assert await yard.refused(path, body, both) == (403, "two-steps")
    assert (await yard.account(account))["released"] == "0.00"
