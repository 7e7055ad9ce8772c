"""The price authority table over HTTP (3-8.2-A, 9.3-A), and who decides at a price."""

from typing import TYPE_CHECKING, Any

import pytest

from fangxing.roles import Role

if TYPE_CHECKING:
    from conftest import Desk


async def test_3_8_2_a_manager_committee_gm(desk: "Desk") -> None:
    await desk.product()
    table = await desk.draft_authority(("3.00", "5.00"), ("8.00", "10.00"))
    assert (table["status"], table["version"]) == ("in_approval", None)
    assert [step["role"] for step in table["approval"]["steps"]] == ["price_committee", "general_manager"]
    path = f"/authority-tables/{table['id']}/decisions"
    body = {"decision": "approve", "seen_hash": table["approval"]["hash"]}
    assert await desk.refused("gm", path, body) == (403, "role-required")
    await desk.done("committee", path, body)
    assert await desk.service.published("pricing.PriceAuthorityChanged.v1") == []
    assert (await desk.read("/price-authority"))["items"] == []
    approved = await desk.done("gm", path, body)
    assert (approved["status"], approved["version"], approved["effective_from"]) == ("approved", 1, "2026-03-02")
    [event] = await desk.service.published("pricing.PriceAuthorityChanged.v1")
    assert (event.document, event.version) == ("price-authority/FDY", 1)
    assert event.data == {
        "family": "FDY",
        "version": 1,
        "effective_from": "2026-03-02",
        "bands": [
            {"role": "sales_manager", "percent_below": "8.00", "percent_above": "10.00"},
            {"role": "sales_rep", "percent_below": "3.00", "percent_above": "5.00"},
        ],
    }


async def test_3_8_2_a_versions_by_day(desk: "Desk") -> None:
    await desk.product()
    await desk.authorize(("3.00", "5.00"), ("8.00", "10.00"))
    await desk.authorize(("1.00", "1.00"), ("2.00", "2.00"), effective_from="2026-04-01")

    async def on(day: str) -> list[tuple[int, str]]:
        found = await desk.read("/price-authority", on=day, family="FDY", person="rep")
        return [(table["version"], table["bands"][1]["percent_below"]) for table in found["items"]]

    assert [await on(day) for day in ("2026-03-01", "2026-03-02", "2026-03-31", "2026-04-01")] == [
        [],
        [(1, "3.00")],
        [(1, "3.00")],
        [(2, "1.00")],
    ]
    events = await desk.service.published("pricing.PriceAuthorityChanged.v1")
    assert [(event.version, event.data["effective_from"]) for event in events] == [(1, "2026-03-02"), (2, "2026-04-01")]


@pytest.mark.parametrize(
    ("rep", "manager", "slug"),
    [
        (("3.00", "5.00"), ("3.00", "5.00"), "bands-gap"),
        (("3.00", "5.00"), ("2.99", "9.00"), "bands-gap"),
        (("100.01", "5.00"), ("100.00", "9.00"), "input-invalid"),
        (("-0.01", "5.00"), ("8.00", "9.00"), "input-invalid"),
        (("3.001", "5.00"), ("8.00", "9.00"), "input-invalid"),
    ],
)
async def test_3_8_2_a_lint_on_submission(
    desk: "Desk", authority_body: Any, rep: tuple[str, str], manager: tuple[str, str], slug: str
) -> None:
    await desk.product()
    assert await desk.refused("manager", "/authority-tables", authority_body(rep, manager)) == (400, slug)
    assert (await desk.read("/authority-tables"))["items"] == []


async def test_3_8_2_a_a_missing_or_double_band_is_refused(desk: "Desk", authority_body: Any) -> None:
    await desk.product()
    body = authority_body(("3.00", "5.00"), ("8.00", "10.00"))
    one = {**body, "bands": body["bands"][:1]}
    assert await desk.refused("manager", "/authority-tables", one) == (400, "bands-missing")
    assert await desk.refused("manager", "/authority-tables", {**body, "bands": []}) == (400, "bands-missing")
    three = {**body, "bands": [*body["bands"], body["bands"][0]]}
    assert await desk.refused("manager", "/authority-tables", three) == (400, "bands-twice")
    other = {**body, "family": "DTY"}
    assert await desk.refused("manager", "/authority-tables", other) == (404, "family-unknown")
    past = {**body, "effective_from": "2026-03-01"}
    assert await desk.refused("manager", "/authority-tables", past) == (400, "effective-in-past")
    await desk.done("manager", "/authority-tables", body)
    assert await desk.refused("manager2", "/authority-tables", body) == (409, "authority-table-in-approval")


async def test_a_rejected_table_changes_nothing_and_frees_the_family(desk: "Desk") -> None:
    await desk.product()
    for decision, status in (("reject", "rejected"), ("return", "returned")):
        table = await desk.draft_authority(("3.00", "5.00"), ("8.00", "10.00"))
        body = {"decision": decision, "seen_hash": table["approval"]["hash"], "comment": "no"}
        decided = await desk.done("committee", f"/authority-tables/{table['id']}/decisions", body)
        assert (decided["status"], decided["version"]) == (status, None)
    assert (await desk.read("/price-authority"))["items"] == []
    await desk.authorize(("3.00", "5.00"), ("8.00", "10.00"))
    listed = await desk.read("/authority-tables", family="FDY", sort="status")
    assert [table["status"] for table in listed["items"]] == ["approved", "rejected", "returned"]
    detail = await desk.read(f"/authority-tables/{listed['items'][0]['id']}")
    assert detail == {**listed["items"][0], "actions": []}


async def test_a_returned_table_is_its_drafters_task_until_it_is_revised_or_withdrawn(desk: "Desk") -> None:
    await desk.product()
    table = await desk.draft_authority(("3.00", "5.00"), ("8.00", "10.00"))
    path = f"/authority-tables/{table['id']}"
    revised = {"bands": table["bands"], "effective_from": "2026-03-09"}
    assert await desk.refused("manager", f"{path}/revision", revised) == (409, "wrong-state")
    assert await desk.refused("manager", f"{path}/withdrawal") == (409, "wrong-state")

    async def given_back(case: dict[str, Any]) -> None:
        body = {"decision": "return", "seen_hash": case["approval"]["hash"], "comment": "too wide"}
        await desk.done("committee", f"{path}/decisions", body)
        [task] = (await desk.read("/tasks", person="manager"))["items"]
        assert (task["kind"], task["document"]) == ("returned.price_authority", f"authority-table/{table['id']}")

    await given_back(table)
    narrow = [{**band, "percent_below": "2.00"} for band in table["bands"]]
    assert await desk.refused("manager", f"{path}/revision", {"bands": narrow[:1]}) == (400, "bands-missing")
    again = await desk.done("manager2", f"{path}/revision", {**revised, "bands": narrow})
    assert (again["status"], again["effective_from"], again["bands"]) == ("in_approval", "2026-03-09", narrow)
    assert again["approval"]["hash"] != table["approval"]["hash"]
    assert (await desk.read("/tasks", person="manager"))["items"] == []
    await given_back(again)
    # meanwhile another one of the family went to the deciders
    other = await desk.draft_authority(("1.00", "1.00"), ("2.00", "2.00"))
    assert await desk.refused("manager", f"{path}/revision", revised) == (409, "authority-table-in-approval")
    assert (await desk.done("manager", f"{path}/withdrawal"))["status"] == "withdrawn"
    assert (await desk.read("/tasks", person="manager"))["items"] == []
    assert (await desk.read(f"/authority-tables/{other['id']}"))["status"] == "in_approval"


async def test_3_9_3_a_the_committee_sits_although_its_member_drafts(desk: "Desk") -> None:
    await desk.product()
    desk.people["manager"] = (Role.SALES_MANAGER, Role.PRICE_COMMITTEE)
    table = await desk.draft_authority(("3.00", "5.00"), ("8.00", "10.00"))
    assert [step["role"] for step in table["approval"]["steps"]] == ["price_committee", "general_manager"]


async def test_3_8_2_a_who_decides_at_a_price_on_a_day(desk: "Desk") -> None:
    product = await desk.product()

    async def level(price: str, on: str = "2026-03-02") -> dict[str, Any]:
        return await desk.read("/price-level", person="rep", product_id=product["id"], price=price, on=on)

    await desk.price(product, "10000.00")
    assert (await level("9999.99"))["level"] == "general_manager"
    await desk.authorize(("3.00", "5.00"), ("8.00", "10.00"))
    seen = [(await level(price))["level"] for price in ("9700.00", "9699.99", "9200.00", "9199.99", "11000.01")]
    assert seen == ["sales_rep", "sales_manager", "sales_manager", "general_manager", "general_manager"]
    await desk.price(product, "10200.00", effective_from="2026-04-01")
    assert (await level("9700.00", "2026-03-31"))["price_version"] == 1
    assert (await level("9700.00", "2026-04-01"))["level"] == "sales_manager"
    absent = await desk.service.get(
        "/price-level", as_=desk.sign_in("rep"), product_id=product["id"], price="1.00", on="2026-03-01"
    )
    assert (absent.status_code, absent.json()["slug"]) == (409, "no-base-price")
