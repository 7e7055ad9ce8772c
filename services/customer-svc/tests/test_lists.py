"""What all lists have in common: scope, search, files, and that only those who work with money read them."""

from typing import TYPE_CHECKING, Any

import pytest

from customer_svc.main import SERVICE
from fangxing.roles import Role
from fangxing.web.app import create_app, declared_routes

if TYPE_CHECKING:
    from conftest import Office

LISTS = ("customers", "credit-applications", "credit-master", "invoices", "payments", "credit-notes", "delivery-notes")
WITHOUT_MONEY = (Role.GATE_GUARD, Role.WAREHOUSE_KEEPER, Role.WAREHOUSE_SUPERVISOR, Role.QUALITY)


async def stocked(office: "Office", rep: str, name: str) -> dict[str, Any]:
    """A customer with a document of each kind."""
    customer = await office.customer(rep, name=name)
    await office.apply(customer)
    note = await office.ship(customer, ("2.000", "60.00"))
    await office.invoice(note, lines=[{"line": 1, "tons": "1.000"}])
    await office.pay(customer, "1.00")
    await office.goods_return(customer, note, (1, "1.000", "60.00"))
    return customer


@pytest.mark.parametrize("path", LISTS)
async def test_a_list_refuses_what_it_does_not_know(office: "Office", path: str) -> None:
    for query in ({"colour": "red"}, {"sort": "colour"}, {"format": "pdf"}):
        answer = await office.svc.get(f"/{path}", as_=office.as_("manager"), **query)
        assert (answer.status_code, answer.json()["field"]) == (400, next(iter(query)))


async def test_people_search_by_a_customers_name_or_the_beginning_of_a_number(office: "Office") -> None:
    wanted, other = await stocked(office, "rep1", "华纶化纤"), await stocked(office, "rep2", "百宏")
    for path in LISTS:
        for search in ("化纤", wanted["number"][:9].lower()):
            (row,) = (await office.read(f"/{path}", search=search))["items"]
            assert row.get("customer_name", row.get("name")) == "华纶化纤", (path, search)
            assert row.get("customer_id", row["id"]) == wanted["id"], (path, search)
        assert (await office.read(f"/{path}", search="%"))["items"] == []
        both = (await office.read(f"/{path}"))["items"]
        assert {row.get("customer_id", row["id"]) for row in both} == {wanted["id"], other["id"]}
    for path, number in (("invoices", "number"), ("payments", "reference"), ("delivery-notes", "number")):
        (row, _) = (await office.read(f"/{path}"))["items"]
        assert [one["id"] for one in (await office.read(f"/{path}", search=row[number]))["items"]] == [row["id"]]


async def test_1_3_9_a_rep_reads_and_acts_for_his_own_customers_alone_also_in_files(office: "Office") -> None:
    mine, foreign = await stocked(office, "rep1", "华纶"), await stocked(office, "rep2", "百宏")
    for path in LISTS:
        if path == "credit-notes":
            continue
        rows = (await office.read(f"/{path}", "rep1"))["items"]
        assert [row.get("customer_id", row["id"]) for row in rows] == [mine["id"]]
        file = await office.svc.get(f"/{path}", as_=office.as_("rep1"), format="csv")
        assert ("华纶" in file.text, "百宏" in file.text) == (True, False), path
    for path in ("invoices", "payments", "credit-applications"):
        (row,) = (await office.read(f"/{path}", "rep2"))["items"]
        for address in (f"/{path}/{row['id']}", f"/{path}/{row['id']}/history"):
            answer = await office.svc.get(address, as_=office.as_("rep1"))
            assert (answer.status_code, answer.json()["slug"]) == (404, f"{path.removesuffix('s')}-not-found")
    # a manager or keeper besides, he applies as a rep: for his own customers alone
    body = {"customer_id": foreign["id"], "grade": "B", "limit": "1.00", "reasons": "x"}
    for besides in (Role.SALES_MANAGER, Role.WAREHOUSE_KEEPER, Role.GENERAL_MANAGER):
        both = office.as_("rep1", Role.SALES_REP, besides)
        answer = await office.svc.post("/credit-applications", body, as_=both)
        assert (answer.status_code, answer.json()["slug"]) == (404, "customer-not-found")


async def test_4_3_whoever_works_without_money_reads_nothing_here(office: "Office") -> None:
    customer = await stocked(office, "rep1", "华纶")
    details = [f"/customers/{customer['id']}", f"/credit-accounts/{customer['account_id']}"]
    for path in ("invoices", "payments", "credit-notes", "delivery-notes", "credit-applications"):
        (row,) = (await office.read(f"/{path}"))["items"]
        details.append(f"/{path}/{row['id']}")
    asked = [*details, *(f"/{path}{how}" for path in LISTS for how in ("", "?format=csv", "?sort=-id"))]
    for role in WITHOUT_MONEY:
        for path in asked:
            answer = await office.svc.get(path, as_=office.as_("x", role))
            assert (answer.status_code, answer.json()["slug"]) == (403, "role-required"), (role, path)


def test_4_3_no_route_of_the_chapter_is_open_to_whoever_works_without_money() -> None:
    money = [router for router in SERVICE.routers if router.tags != ["organisation"]]
    own = {route.path for router in money for route in router.routes}  # type: ignore[attr-defined]
    for _, path, access in declared_routes(create_app(SERVICE)):
        assert path not in own or access.roles.isdisjoint(WITHOUT_MONEY), path
