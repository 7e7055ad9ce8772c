"""What applications, payments and credit notes offer their reader is what he may do with them, and all of it."""

from typing import TYPE_CHECKING, Any

import pytest

from fangxing.ids import new_id
from fangxing.roles import Role
from fangxing_testing.offers import Try, approval_of, false_offers, one_of_each_role

if TYPE_CHECKING:
    from conftest import Office


def people_of(office: "Office") -> dict[str, dict[str, str]]:
    return {
        **one_of_each_role(office.svc.identities),
        "the rep": office.as_("rep1"),
        "a colleague": office.as_("rep2"),
        "the rep who is a manager too": office.as_("rep1", Role.SALES_REP, Role.SALES_MANAGER),
        "the rep who is in finance too": office.as_("rep1", Role.SALES_REP, Role.ACCOUNTANT),
        "a colleague who is in finance too": office.as_("rep2", Role.SALES_REP, Role.ACCOUNTANT),
        "who signed the first step": office.as_("boss", Role.SALES_MANAGER, Role.GENERAL_MANAGER),
        "an accountant who inspected": office.as_("inspector", Role.ACCOUNTANT),
    }


@pytest.mark.parametrize("state", ["first step", "second step", "approved", "in force"])
async def test_an_application(office: "Office", state: str) -> None:
    boss = office.as_("boss", Role.SALES_MANAGER, Role.GENERAL_MANAGER)

    async def make() -> dict[str, Any]:
        application = await office.apply(await office.customer())
        path = f"/credit-applications/{application['id']}"
        if state != "first step":
            await office.svc.post(f"{path}/decisions", approval_of(application), as_=boss)
        if state in ("approved", "in force"):
            await office.decide(application, "gm")
        if state == "in force":
            await office.done("accountant", f"{path}/entry")
        return dict(await office.read(path))

    tries = {
        "decide": Try("/credit-applications/{id}/decisions", approval_of),
        "enter": Try("/credit-applications/{id}/entry"),
    }
    people = people_of(office)
    assert await false_offers(office.svc, "/credit-applications/{id}", make, tries, people) == []


@pytest.mark.parametrize("state", ["active", "off"])
async def test_a_staff_record(office: "Office", state: str) -> None:
    async def make() -> dict[str, Any]:
        staff = await office.staff(f"p{new_id().hex[-12:]}", Role.ACCOUNTANT)
        if state == "off":
            await office.done("admin", f"/staff/{staff['id']}/switch-off", {"reason": "离职"})
        return staff | {"status": state}

    tries = {
        "change": Try("/staff/{id}", lambda staff: {"name": "新名", "roles": []}, "PUT"),
        "switch_off": Try("/staff/{id}/switch-off", lambda staff: {"reason": "离职"}),
        "switch_on": Try("/staff/{id}/switch-on"),
    }
    assert await false_offers(office.svc, "/staff/{id}", make, tries, people_of(office)) == []


@pytest.mark.parametrize(
    ("role", "state"), [("accountant", "proposed"), ("general_manager", "proposed"), ("rep", "lent")]
)
async def test_a_delegation(office: "Office", role: str, state: str) -> None:
    async def make() -> dict[str, Any]:
        await office.svc.staff("rep1", Role.SALES_REP)
        holder, deputy = f"h{new_id().hex[-12:]}", f"d{new_id().hex[-12:]}"
        lent = Role.SALES_REP if role == "rep" else Role(role)
        await office.staff(holder, lent)
        await office.staff(deputy)
        body = {"role": lent, "deputy": deputy, "since": "2026-03-02", "until": "2026-03-09", "reason": "住院"}
        if state == "proposed":
            return await office.done("admin", "/delegations/proposals", {**body, "holder": holder})
        as_holder = office.as_(holder, lent)
        return dict((await office.svc.post("/delegations", body, as_=as_holder)).json())

    tries = {
        "confirm": Try("/delegations/{id}/confirmation"),
        "refuse": Try("/delegations/{id}/refusal"),
        "withdraw": Try("/delegations/{id}/withdrawal"),
    }
    assert await false_offers(office.svc, "/delegations/{id}", make, tries, people_of(office)) == []


async def test_a_payment(office: "Office") -> None:
    async def make() -> dict[str, Any]:
        customer = await office.customer()
        invoice = await office.invoice(await office.ship(customer, ("1.000", "60.00")))
        other = await office.customer()
        return {**await office.pay(customer, "10.00"), "invoice": invoice["id"], "other": other["id"]}

    tries = {
        "allocate": Try(
            "/payments/{id}/allocations",
            lambda payment: {"allocations": [{"invoice_id": payment["invoice"], "amount": "1.00"}]},
        ),
        "reallocate": Try("/payments/{id}/reallocation", lambda payment: {"allocations": [], "reason": "错核"}),
        "convert": Try(
            "/payments/{id}/conversion",
            lambda payment: {"purpose": "prepayment", "amount": "1.00", "reason": "客户要求"},
        ),
        "move": Try("/payments/{id}/move", lambda payment: {"customer_id": payment["other"], "reason": "登记错客户"}),
        "reverse": Try("/payments/{id}/reversal", lambda payment: {"reason": "退票"}),
    }
    assert await false_offers(office.svc, "/payments/{id}", make, tries, people_of(office)) == []


async def test_a_credit_note(office: "Office") -> None:
    async def make() -> dict[str, Any]:
        customer = await office.customer()
        note = await office.ship(customer, ("1.000", "60.00"))
        hands = {"return.inspect": ["inspector"]}
        made = await office.goods_return(customer, note, (1, "1.000", "60.00"), hands=hands)
        return dict(await office.read(f"/credit-notes/{made['id']}"))

    tries = {"confirm": Try("/credit-notes/{id}/confirmation")}
    assert await false_offers(office.svc, "/credit-notes/{id}", make, tries, people_of(office)) == []
