"""The staff: kept by the administrator, known to all five services, and out at once when switched off (1-3)."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_svc.organisation.rules import Term, gained, is_below_himself, terms_clash
from fangxing.roles import Role

if TYPE_CHECKING:
    from conftest import Office

REP, ACCOUNTANT = Role.SALES_REP, Role.ACCOUNTANT


def term(role: Role, since: str = "2026-01-01", until: str | None = None) -> dict[str, Any]:
    """A role with its days, as the administrator enters it."""
    return {"role": role, "since": since, "until": until}


async def test_1_3_a_record_is_entered_changed_switched_off_and_on_and_everybody_is_told(office: "Office") -> None:
    chen = await office.staff("chen", Role.SALES_MANAGER, name="陈立军")
    record = await office.staff(
        "wang", REP, name="王晓", phone="+86 575 8888", department="销售部", place="WH-1", superior="chen"
    )
    assert (record["superior_name"], record["status"]) == ("陈立军", "active")
    path = f"/staff/{record['id']}"
    changed = {"name": "王晓雨", "phone": None, "roles": [term(ACCOUNTANT, "2026-03-02", "2026-03-31")]}
    answer = await office.svc.post(path, changed, as_=office.as_("admin"), method="PUT")
    assert (answer.status_code, answer.json()["name"], answer.json()["superior"]) == (200, "王晓雨", None)
    off = await office.done("admin", f"{path}/switch-off", {"reason": "离职"})
    assert (off["status"], off["off_because"], off["actions"]) == ("off", "离职", ["switch_on"])
    assert await office.refused("admin", path, changed, "PUT") == (409, "wrong-state")
    await office.done("admin", f"{path}/switch-on")
    assert [entry["action"] for entry in await office.read(f"{path}/history", "admin")] == [
        "enter",
        "change",
        "switch_off",
        "switch_on",
    ]
    told = [one for one in await office.svc.published("customer.StaffChanged.v1") if one.data["person"] == "wang"]
    assert [(one.version, one.data["active"]) for one in told] == [(1, True), (2, True), (3, False), (4, True)]
    assert told[0].data == {
        "person": "wang",
        "name": "王晓",
        "department": "销售部",
        "place": "WH-1",
        "superior": "chen",
        "roles": [term(REP)],
        "active": True,
    }
    assert told[1].data["roles"] == [term(ACCOUNTANT, "2026-03-02", "2026-03-31")]
    assert chen["superior"] is None


async def test_1_3_whoever_is_switched_off_can_do_nothing_from_then_on(office: "Office") -> None:
    record = await office.staff("rep1", REP)
    await office.customer("rep1")
    await office.done("admin", f"/staff/{record['id']}/switch-off", {"reason": "离职"})
    await office.come_around()
    assert await office.refused("rep1", "/customers", {}) == (403, "staff-switched-off")
    answer = await office.svc.get("/customers", as_=office.as_("rep1", *Role))
    assert (answer.status_code, answer.json()["slug"]) == (403, "staff-switched-off")


async def test_1_3_what_does_not_fit_is_refused(office: "Office") -> None:
    record = await office.staff("chen")
    below = await office.staff("wang", superior="chen")

    async def refused(**changes: Any) -> str:
        body = {"person": "li", "name": "李", "roles": [], **changes}
        status, slug = await office.refused("admin", "/staff", body)
        return f"{status} {slug}"

    assert await refused(person="wang") == "409 staff-person-taken"
    assert await refused(person="system") == "400 staff-person-reserved"
    assert await refused(superior="nobody") == "409 staff-superior-unfit"
    assert await refused(superior="li") == "409 staff-superior-unfit"
    assert await refused(roles=[term(REP, "2026-03-02", "2026-03-01")]) == "400 staff-roles-clash"
    assert await refused(roles=[term(REP, until="2026-03-01"), term(REP, "2026-03-01")]) == "400 staff-roles-clash"
    circle = {"name": "陈", "superior": "wang", "roles": []}
    assert await office.refused("admin", f"/staff/{record['id']}", circle, "PUT") == (409, "staff-superior-unfit")
    await office.done("admin", f"/staff/{below['id']}/switch-off", {"reason": "离职"})
    assert await refused(superior="wang") == "409 staff-superior-unfit"


async def test_1_3_nobody_gives_himself_a_role(office: "Office") -> None:
    own = {"person": "admin", "name": "唐宁", "roles": [term(Role.ADMINISTRATOR), term(ACCOUNTANT)]}
    assert await office.refused("admin", "/staff", own) == (403, "staff-own-roles")
    record = await office.staff("admin", Role.ADMINISTRATOR)
    path = f"/staff/{record['id']}"
    more = {"name": "唐宁", "roles": [term(Role.ADMINISTRATOR, "2025-01-01")]}
    assert await office.refused("admin", path, more, "PUT") == (403, "staff-own-roles")
    less = {"name": "唐宁", "roles": [term(Role.ADMINISTRATOR, "2026-02-01", "2026-12-31")]}
    assert (await office.svc.post(path, less, as_=office.as_("admin"), method="PUT")).status_code == 200


async def test_the_staff_are_found_and_the_directory_names_those_who_are_here(office: "Office") -> None:
    await office.staff("wang", REP, name="王晓", phone="13800000000", department="销售部", place="WH-1")
    left = await office.staff("sun", ACCOUNTANT, name="孙倩", department="财务部", superior="wang")
    await office.done("admin", f"/staff/{left['id']}/switch-off", {"reason": "离职"})
    for query, found in (
        ({"role": "sales_rep"}, ["wang"]),
        ({"status": "off"}, ["sun"]),
        ({"department": "财务部"}, ["sun"]),
        ({"place": "wh-1"}, ["wang"]),
        ({"superior": "wang"}, ["sun"]),
        ({"search": "晓"}, ["wang"]),
        ({"search": "SU"}, ["sun"]),
    ):
        assert [row["person"] for row in await office.all_pages("/staff", "admin", **query)] == found, query
    (row,) = await office.all_pages("/directory", "rep1")
    assert {key: row[key] for key in row if key != "id"} == {"person": "wang", "name": "王晓", "department": "销售部"}
    assert (await office.svc.get("/staff", as_=office.as_("rep1"))).status_code == 403


async def test_2_4_a_customer_is_given_to_staff_who_are_reps(office: "Office") -> None:
    customer = await office.customer("rep1")
    path = f"/customers/{customer['id']}/rep"
    await office.staff("sun", ACCOUNTANT)
    await office.staff("li", REP, name="李雷")
    assert await office.refused("manager", path, {"rep": "sun"}, "PUT") == (409, "staff-not-in-role")
    answer = await office.svc.post(path, {"rep": "li"}, as_=office.as_("manager"), method="PUT")
    assert (answer.json()["rep"], answer.json()["rep_name"]) == ("li", "李雷")


days = st.dates(date(2026, 1, 1), date(2026, 1, 12))
terms: st.SearchStrategy[list[Term]] = st.lists(
    st.tuples(st.sampled_from([REP, ACCOUNTANT]), days, st.none() | days), max_size=4
)


def on(some: list[Term], day: date) -> list[Role]:
    """The roles held on a day, as often as they are named."""
    return [role for role, since, until in some if since <= day and (until is None or day <= until)]


SPAN = [date(2026, 1, 1) + timedelta(days=number) for number in range(14)]


@given(terms)
def test_terms_clash_where_a_day_has_a_role_twice_or_a_term_has_no_day(some: list[Term]) -> None:
    twice = any(on(some, day).count(role) > 1 for day in SPAN for role in Role)
    backwards = any(until is not None and until < since for _, since, until in some)
    assert (terms_clash(some) is not None) == (twice or backwards)


@given(before=terms, after=terms)
def test_1_3_nobody_holds_a_role_on_any_day_who_did_not_before_unless_it_was_gained(
    before: list[Term], after: list[Term]
) -> None:
    new = {role for day in SPAN for role in set(on(after, day)) - set(on(before, day))}
    assert new <= gained(before, after)


@pytest.mark.parametrize(
    ("person", "superior", "below"), [("a", None, False), ("a", "a", True), ("a", "c", True), ("c", "a", False)]
)
def test_nobody_stands_above_his_superior(person: str, superior: str | None, below: bool) -> None:
    assert is_below_himself(person, superior, {"b": "a", "c": "b", "x": "y", "y": "x"}) is below
    assert is_below_himself(person, "x", {"x": "y", "y": "x"}) is False
