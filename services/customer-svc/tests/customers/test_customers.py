"""2-4.2.3, 2-5.1, 2-5.2: the customer's file, whose it is, and the lists."""

import asyncio
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from fangxing.roles import Role

if TYPE_CHECKING:
    from conftest import Office

FILE = {"name": "华纶", "address": "绍兴", "contact": "王", "terms": {"kind": "credit", "days": 30}}


async def test_2_5_2_a_new_customer_is_ungraded_with_limit_0(office: "Office") -> None:
    customer = await office.customer()
    assert (customer["grade"], customer["limit"], customer["exposure"]) == ("ungraded", "0.00", "0.00")
    assert (customer["rep"], customer["created_on"]) == ("rep1", "2026-03-02")
    assert await office.read(f"/customers/{customer['id']}", "rep1") == customer


async def test_2_5_1_customer_opened_carries_the_position_of_its_own_account(office: "Office") -> None:
    customer = await office.customer()
    (event,) = await office.svc.published()
    assert (event.type, event.document, event.version) == (
        "customer.CustomerOpened.v1",
        f"customer/{customer['id']}",
        1,
    )
    assert event.data["terms"] == {"kind": "credit", "days": 30}
    position = event.data["position"]
    assert position["account_id"] == customer["account_id"] == event.data["account_id"]
    assert (position["epoch"], position["version"]) == (1, 1)
    assert (position["grade"], position["limit"], position["receivable"]) == ("ungraded", "0.00", "0.00")
    assert position["seen"] == {"epoch": 0, "version": 0}


async def test_a_number_is_given_once_also_at_the_same_moment(office: "Office") -> None:
    body = {**FILE, "number": "K-1"}
    answers = await asyncio.gather(*(office.svc.post("/customers", body, as_=office.as_("rep1")) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]
    assert await office.refused("rep2", "/customers", body) == (409, "customer-number-taken")
    assert len((await office.read("/customers"))["items"]) == 1
    assert len(await office.svc.published()) == 1


BAD_TERMS: list[tuple[dict[str, Any], str]] = [
    ({"kind": "credit", "days": 0}, "terms"),
    ({"kind": "credit"}, "terms"),
    ({"kind": "prepaid", "days": 1}, "terms"),
    ({"kind": "cash_on_delivery", "days": 30}, "terms"),
    ({"kind": "credit", "days": 181}, "terms.days"),
    ({"kind": "credit", "days": -1}, "terms.days"),
    ({"kind": "barter", "days": 0}, "terms.kind"),
    ({"kind": "credit", "days": 30, "discount": "2"}, "terms.discount"),
]


async def test_terms_are_checked(office: "Office") -> None:
    for terms, field in BAD_TERMS:
        body = {**FILE, "number": "K-1", "terms": terms}
        answer = await office.svc.post("/customers", body, as_=office.as_("rep1"))
        assert (answer.status_code, answer.json()["field"]) == (400, field), terms
    assert (await office.read("/customers"))["items"] == []
    for kind, days in (("credit", 1), ("credit", 180), ("prepaid", 0), ("cash_on_delivery", 0)):
        assert (await office.customer(terms={"kind": kind, "days": days}))["terms"] == {"kind": kind, "days": days}


async def test_a_rep_sees_his_own_customers_and_a_colleagues_customer_does_not_exist(office: "Office") -> None:
    mine, foreign = await office.customer("rep1"), await office.customer("rep2")
    absent = str(uuid4())
    for path, slug in (("/customers/{}", "customer-not-found"), ("/credit-accounts/{}", "credit-account-not-found")):
        for wanted in (foreign["account_id"] if "credit" in path else foreign["id"], absent):
            answer = await office.svc.get(path.format(wanted), as_=office.as_("rep1"))
            assert (answer.status_code, answer.json()["slug"]) == (404, slug)
    body = {"customer_id": foreign["id"], "grade": "B", "limit": "1.00", "reasons": "x"}
    assert await office.refused("rep1", "/credit-applications", body) == (404, "customer-not-found")
    application = await office.apply(foreign)
    hidden = await office.svc.get(f"/credit-applications/{application['id']}", as_=office.as_("rep1"))
    assert (hidden.status_code, hidden.json()["slug"]) == (404, "credit-application-not-found")
    note = await office.ship(foreign, ("1.000", "60.00"))
    await office.invoice(note)
    await office.pay(foreign, "1.00")
    for path in ("/customers", "/credit-applications", "/credit-master", "/invoices", "/payments", "/delivery-notes"):
        rows = (await office.read(path, "rep1"))["items"]
        assert [row.get("rep") for row in rows] == (["rep1"] if path in ("/customers", "/credit-master") else []), path
        assert (await office.read(path, "rep2"))["items"], path
        assert (await office.read(path, "manager"))["items"], path
    assert (await office.read("/customers", "rep1", rep="rep2"))["items"] == []
    assert (await office.read(f"/credit-accounts/{mine['account_id']}", "rep1"))["grade"] == "ungraded"


async def test_a_rep_who_holds_another_role_sees_everybody(office: "Office") -> None:
    await office.customer("rep2")
    both = office.as_("rep1", Role.SALES_REP, Role.SALES_MANAGER)
    assert len((await office.svc.get("/customers", as_=both)).json()["items"]) == 1


async def test_another_rep_takes_over_and_customer_changed_is_the_second_fact(office: "Office") -> None:
    customer = await office.customer("rep1")
    path = f"/customers/{customer['id']}/rep"
    answer = await office.svc.post(path, {"rep": "rep2"}, as_=office.as_("manager"), method="PUT")
    assert (answer.status_code, answer.json()["rep"]) == (200, "rep2")
    (event,) = await office.events("CustomerChanged")
    assert (event.document, event.version) == (f"customer/{customer['id']}", 2)
    assert (event.data["rep"], event.data["position"]["version"]) == ("rep2", 2)
    assert (await office.svc.get(f"/customers/{customer['id']}", as_=office.as_("rep1"))).status_code == 404
    missing = f"/customers/{uuid4()}/rep"
    assert await office.refused("manager", missing, {"rep": "rep2"}, "PUT") == (404, "customer-not-found")


async def test_taking_over_while_payments_come_in_neither_deadlocks_nor_loses_a_version(office: "Office") -> None:
    customer = await office.customer()
    path = f"/customers/{customer['id']}/rep"
    people = [{"rep": f"rep{number % 3}"} for number in range(10)]
    answers, _ = await asyncio.gather(
        asyncio.gather(*(office.svc.post(path, one, as_=office.as_("manager"), method="PUT") for one in people)),
        asyncio.gather(*(office.pay(customer, "1.00") for _ in range(10))),
    )
    assert {answer.status_code for answer in answers} == {200}
    account = await office.account(customer)
    assert (account["receivable"], account["version"]) == ("-10.00", 21)
    versions = [event.version for event in await office.events("CustomerChanged")]
    assert sorted(versions, key=lambda version: version or 0) == list(range(2, 12))


async def test_lists_filter_sort_and_page_by_key(office: "Office") -> None:
    made = [await office.customer(rep, name=f"客户{n % 3}") for n, rep in enumerate(["rep1", "rep2"] * 6)]
    ids = [one["id"] for one in made]
    assert [row["id"] for row in await office.all_pages("/customers", limit=5)] == ids[::-1]
    assert [row["id"] for row in await office.all_pages("/customers", limit=5, sort="id")] == ids
    names = [row["name"] for row in await office.all_pages("/customers", limit=5, sort="name")]
    assert names == sorted(names)
    numbers = [row["number"] for row in await office.all_pages("/customers", limit=1, sort="-number")]
    assert numbers == sorted((one["number"] for one in made), reverse=True)
    for at, one in enumerate(made):
        await office.shipping_position(one["account_id"], released=f"{at // 2}.00")
    rows = await office.all_pages("/customers", limit=5, sort="-exposure")
    assert [row["exposure"] for row in rows] == [f"{at // 2}.00" for at in range(11, -1, -1)]
    assert sorted(row["id"] for row in rows) == sorted(ids)
    assert len(await office.all_pages("/customers", rep="rep2", limit=4)) == 6
    assert {row["name"] for row in await office.all_pages("/customers", name="户1")} == {"客户1"}
    assert (await office.read("/customers", name="%"))["items"] == []
    assert len((await office.read("/customers", grade="ungraded"))["items"]) == 12
    assert (await office.read("/customers", grade="B"))["items"] == []


async def test_a_number_is_one_customers_whatever_its_case_and_found_in_any(office: "Office") -> None:
    customer = await office.customer(number="Ka-1")
    body = {"name": "华纶", "address": "绍兴", "contact": "王", "terms": {"kind": "prepaid", "days": 0}}
    for number in ("Ka-1", "KA-1", "ka-1"):
        assert await office.refused("rep2", "/customers", {**body, "number": number}) == (409, "customer-number-taken")
        (found,) = (await office.read("/customers", search=number))["items"]
        assert (found["id"], found["number"]) == (customer["id"], "Ka-1")
    assert (await office.refused("rep2", "/customers", {**body, "number": "KA -1"}))[0] == 400
