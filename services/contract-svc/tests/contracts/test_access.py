"""Who may do what, what does not exist for whom, and what is not accepted at all."""

from typing import TYPE_CHECKING, Any

import pytest

from contract_svc.contracts.access import READERS as CONTRACT_READERS
from contract_svc.orders.access import READERS as ORDER_READERS
from contract_svc.routing.rules import DECIDERS
from fangxing.roles import Role

if TYPE_CHECKING:
    from conftest import World

NOWHERE = "0198c5d2-0000-7000-8000-00000000000f"
OVERSEERS = (Role.SALES_MANAGER, Role.FINANCE_MANAGER, Role.AUDIT_MANAGER, Role.GENERAL_MANAGER)
ROUTES: list[tuple[str, str, tuple[Role, ...]]] = [
    ("POST", "/contracts", (Role.SALES_REP,)),
    ("GET", "/contracts", CONTRACT_READERS),
    ("GET", f"/contracts/{NOWHERE}", CONTRACT_READERS),
    ("GET", f"/contracts/{NOWHERE}/history", CONTRACT_READERS),
    ("PUT", f"/contracts/{NOWHERE}", (Role.SALES_REP,)),
    ("POST", f"/contracts/{NOWHERE}/submission", (Role.SALES_REP,)),
    ("POST", f"/contracts/{NOWHERE}/decisions", DECIDERS),
    ("POST", "/orders", (Role.SALES_REP,)),
    ("GET", "/orders", ORDER_READERS),
    ("GET", f"/orders/{NOWHERE}", ORDER_READERS),
    ("GET", f"/orders/{NOWHERE}/history", ORDER_READERS),
    ("POST", "/breaches", OVERSEERS),
    ("GET", "/breaches", tuple(Role)),
    ("GET", f"/breaches/{NOWHERE}", tuple(Role)),
    ("POST", f"/breaches/{NOWHERE}/decision", OVERSEERS),
    ("POST", f"/breaches/{NOWHERE}/passing-on", OVERSEERS),
    ("POST", f"/breaches/{NOWHERE}/withdrawal", OVERSEERS),
    ("POST", f"/breaches/{NOWHERE}/appeal", tuple(Role)),
    ("POST", f"/breaches/{NOWHERE}/judgement", (Role.FINANCE_MANAGER, Role.AUDIT_MANAGER, Role.GENERAL_MANAGER)),
]


async def test_every_role_on_every_route_1_3(world: "World", anyone: dict[str, dict[str, str]]) -> None:
    """1-3: whoever is not named gets 403, whoever is named gets something else, nobody gets in unsigned."""
    for method, path, allowed in ROUTES:
        assert (await world.service.client.request(method, path)).status_code == 401
        for role in Role:
            answer = await world.service.client.request(
                method, path, headers={**anyone[role], "Idempotency-Key": f"{method}{role}"}, json={}
            )
            refused = answer.status_code == 403 and answer.json()["slug"] == "role-required"
            assert refused is (role not in allowed), (method, path, role, answer.text)
            assert answer.status_code < 500


async def test_a_colleagues_contract_does_not_exist(world: "World") -> None:
    """Row scope: another rep neither sees, revises, submits nor calls off; nor does he draft for the customer."""
    contract = await world.usual()
    order = (await world.call_off(contract, "1.000")).json()["order"]
    body = world.body(contract["customer_id"], contract["lines"][0]["product_id"])
    revision = {name: body[name] for name in ("starts_on", "ends_on", "terms", "lines")}
    service, other = world.service, world.rep2
    line = {"contract_line_id": contract["lines"][0]["contract_line_id"], "tons": "1.000"}
    answers = [
        await service.get(f"/contracts/{contract['id']}", as_=other),
        await service.post(f"/contracts/{contract['id']}", revision, as_=other, method="PUT"),
        await service.post(f"/contracts/{contract['id']}/submission", as_=other),
        await service.get(f"/orders/{order['id']}", as_=other),
        await service.post("/contracts", body, as_=other),
        await service.post(
            "/orders", {"contract_id": contract["id"], "deliver_on": "2026-03-20", "lines": [line]}, as_=other
        ),
    ]
    assert [answer.status_code for answer in answers] == [404] * 6, [answer.text for answer in answers]
    assert (await service.get("/contracts", as_=other)).json()["items"] == []
    assert (await service.get("/orders", as_=other)).json()["items"] == []
    keeper = service.identities.headers("keeper", Role.WAREHOUSE_KEEPER)
    assert len((await service.get("/orders", as_=keeper)).json()["items"]) == 1


async def test_a_rep_who_is_more_than_a_rep_acts_for_his_own_customers_alone(world: "World") -> None:
    """Row scope follows the roles that open the route: as a manager or keeper he sees all, as a rep he acts for his."""
    contract = await world.usual()
    order = (await world.call_off(contract, "1.000")).json()["order"]
    draft = await world.draft(contract["customer_id"], contract["lines"][0]["product_id"])
    body = world.body(contract["customer_id"], contract["lines"][0]["product_id"])
    revision = {name: body[name] for name in ("starts_on", "ends_on", "terms", "lines")}
    line = {"contract_line_id": contract["lines"][0]["contract_line_id"], "tons": "1.000"}
    call_off = {"contract_id": contract["id"], "deliver_on": "2026-03-20", "lines": [line]}
    service = world.service
    for besides in (Role.SALES_MANAGER, Role.WAREHOUSE_KEEPER, Role.ADMINISTRATOR):
        both = service.identities.headers("rep2", Role.SALES_REP, besides)
        answers = [
            await service.post("/contracts", body, as_=both),
            await service.post(f"/contracts/{draft['id']}", revision, as_=both, method="PUT"),
            await service.post(f"/contracts/{draft['id']}/submission", as_=both),
            await service.post("/orders", call_off, as_=both),
        ]
        assert [answer.status_code for answer in answers] == [404] * 4, [answer.text for answer in answers]
        assert (await service.get(f"/orders/{order['id']}", as_=both)).status_code == 200
        sees = 404 if besides is Role.WAREHOUSE_KEEPER else 200
        for path in (f"/contracts/{draft['id']}", f"/contracts/{draft['id']}/history"):
            assert (await service.get(path, as_=both)).status_code == sees


async def test_a_customer_handed_over_takes_his_contracts_along(world: "World") -> None:
    """Row scope follows the customer's present rep."""
    contract = await world.usual()
    await world.hand_over(contract, "rep2")
    path = f"/contracts/{contract['id']}"
    assert (await world.service.get(path, as_=world.rep)).status_code == 404
    assert (await world.service.get(path, as_=world.rep2)).json()["rep"] == "rep2"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"number": "HT 1"}, "number"),
        ({"number": "HT\u0000"}, "number"),
        ({"currency": "USD"}, "currency"),
        ({"total": "1.00"}, "total"),
        ({"price_level": "sales_rep"}, "price_level"),
        ({"ends_on": "2026-02-28"}, "ends_on"),
        ({"starts_on": "1999-12-31"}, "starts_on"),
        ({"ends_on": "9999-12-31"}, "ends_on"),
        ({"terms": {"kind": "credit"}}, "terms"),
        ({"terms": {"kind": "prepaid", "days": 30}}, "terms"),
        ({"terms": {"kind": "barter"}}, "terms.kind"),
        ({"lines": []}, "lines"),
        ({"tons": "0.000"}, "lines.0.tons"),
        ({"tons": "-1"}, "lines.0.tons"),
        ({"tons": "1.0001"}, "lines.0.tons"),
        ({"tons": 8.0}, "lines.0.tons"),
        ({"tons": "1000000.001"}, "lines.0.tons"),
        ({"price": "10000.001"}, "lines.0.price_per_ton"),
        ({"price": "0.00"}, "lines.0.price_per_ton"),
        ({"price": "10000000.01"}, "lines.0.price_per_ton"),
        ({"tons": "1000000.000", "price": "1000000.00"}, "lines"),
    ],
)
async def test_bad_drafts(world: "World", change: dict[str, Any], field: str) -> None:
    """Each mistake is a 400 that names its field, and nothing is stored."""
    customer, product = await world.customer(), await world.product()
    answer = await world.service.post("/contracts", world.body(customer, product, **change), as_=world.rep)
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["field"] == field
    assert (await world.service.get("/contracts", as_=world.manager)).json()["items"] == []


async def test_numbers_are_unique(world: "World") -> None:
    customer, product = await world.customer(), await world.product()
    await world.draft(customer, product, number="HT-2026-001")
    again = await world.service.post("/contracts", world.body(customer, product, number="HT-2026-001"), as_=world.rep)
    assert (again.status_code, again.json()["slug"]) == (409, "contract-number-taken")


async def test_an_unknown_customer_and_bad_questions(world: "World") -> None:
    product = await world.product()
    answer = await world.service.post("/contracts", world.body(NOWHERE, product), as_=world.rep)
    assert (answer.status_code, answer.json()["slug"]) == (404, "customer-not-found")
    for query in ({"number": "a\u0000b"}, {"sort": "secret"}, {"after": "x"}, {"status": "lost"}, {"limit": 0}):
        listed = await world.service.get("/contracts", as_=world.rep, **query)
        assert listed.status_code == 400, (query, listed.text)


async def test_a_decision_needs_the_hash_that_was_seen(world: "World") -> None:
    await world.authority()
    contract = await world.submit(await world.draft(await world.customer(), await world.product()))
    path = f"/contracts/{contract['id']}/decisions"
    for body in (
        {"decision": "approve"},
        {"decision": "approve", "seen_hash": "x"},
        {"decision": "maybe", "seen_hash": "0" * 64},
        {"decision": "approve", "seen_hash": "0" * 64, "comment": "a\u0000"},
    ):
        assert (await world.service.post(path, body, as_=world.manager)).status_code == 400
    wrong = await world.service.post(path, {"decision": "approve", "seen_hash": "0" * 64}, as_=world.manager)
    assert (wrong.status_code, wrong.json()["slug"]) == (409, "figures-changed")
