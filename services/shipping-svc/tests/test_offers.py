"""What notices, papers and exceptions offer their reader is what he may do with them, and all of it."""

from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from fangxing.roles import Role
from fangxing_testing.offers import Try, approval_of, false_offers, one_of_each_role

if TYPE_CHECKING:
    from conftest import Yard

TRUCK = {"vehicle": "浙A12345", "driver": "王师傅"}
SIGNATURES = {"carrier_name": "王师傅", "carrier_signature": "data:王", "freight_voucher": "YF-1", "gate": "G1"}
TRIES = {
    "review": Try("/notices/{id}/finance-review"),
    "give_reason": Try("/notices/{id}/overdue-reason", lambda notice: {"reason": "x"}),
    "decide": Try("/notices/{id}/decisions", approval_of),
    "announce": Try("/notices/{id}/transport-notice", lambda notice: {**TRUCK, "carrier": "顺安物流"}),
    "load": Try("/loadings", lambda notice: {"notice_id": notice["id"], **TRUCK}),
    "ship": Try("/loadings/{loading}/signatures", lambda notice: SIGNATURES),
    "close": Try("/notices/{id}/closing", lambda notice: {"reason": "x"}),
    "cancel": Try("/notices/{id}/cancellation"),
}


def people_of(yard: "Yard") -> dict[str, dict[str, str]]:
    return {
        **one_of_each_role(yard.svc.identities),
        "the rep": yard.rep,
        "a colleague": yard.as_("rep2", Role.SALES_REP),
        "the rep who is a manager too": yard.as_("rep1", Role.SALES_REP, Role.SALES_MANAGER),
        "the rep who is a keeper too": yard.as_("rep1", Role.SALES_REP, Role.WAREHOUSE_KEEPER),
        "a colleague who is a keeper too": yard.as_("rep2", Role.SALES_REP, Role.WAREHOUSE_KEEPER),
        "who signed the first step": yard.as_("boss", Role.SALES_MANAGER, Role.GENERAL_MANAGER),
        "an accountant who entered the money": yard.as_("entered", Role.ACCOUNTANT),
        "a reviewer who is a manager too": yard.as_("accountant", Role.ACCOUNTANT, Role.SALES_MANAGER),
        "the keeper who is a guard too": yard.as_("keeper", Role.WAREHOUSE_KEEPER, Role.GATE_GUARD),
    }


@pytest.mark.parametrize("state", ["finance review", "prepaid", "reason needed", "first step", "second step"])
async def test_a_notice_before_its_release(yard: "Yard", state: str) -> None:
    overdue: dict[str, Any] = {"next_due": "2026-03-01", "receivable": "10.00", "overdue_amount": "10.00"}
    prepaid: dict[str, Any] = {"prepaid_total": "100000.00", "prepaid_by": ["entered"]}

    async def make() -> dict[str, Any]:
        figures = {"reason needed": overdue, "prepaid": prepaid}.get(state, {"limit": "59.99"})
        order = await yard.order(await yard.customer(**figures))
        notice = await yard.notice(order, kind="prepaid" if state == "prepaid" else "regular")
        if state not in ("finance review", "prepaid"):
            notice = await yard.review(notice)
        if state == "second step":
            boss = yard.as_("boss", Role.SALES_MANAGER, Role.GENERAL_MANAGER)
            notice = await yard.approve(notice, boss)
        return {**notice, "loading": notice["id"]}

    assert await false_offers(yard.svc, "/notices/{id}", make, TRIES, people_of(yard)) == []


@pytest.mark.parametrize("one_role", [True, False])
async def test_a_released_notice(yard: "Yard", one_role: bool) -> None:
    people = {who: headers for who, headers in people_of(yard).items() if (who in set(Role)) is one_role}
    await yard.report("L1")
    scanner = await yard.scanner()

    async def make() -> dict[str, Any]:
        notice = await yard.released(await yard.order(await yard.customer()))
        loading = await yard.truck(notice)
        assert (await scanner.scan(loading, notice["lines"][0]["order_line_id"]))["allowed"]
        return {**notice, "loading": loading}

    assert await false_offers(yard.svc, "/notices/{id}", make, TRIES, people) == []


async def test_a_delivery_note(yard: "Yard") -> None:
    async def make() -> dict[str, Any]:
        notice = await yard.released(await yard.order(await yard.customer()))
        return await yard.note(await yard.shipped(notice))

    tries = {"reissue_pass": Try("/delivery-notes/{id}/exit-passes", lambda note: {"gate": "G1", "reason": "x"})}
    assert await false_offers(yard.svc, "/delivery-notes/{id}", make, tries, people_of(yard)) == []


async def test_an_exception(yard: "Yard") -> None:
    async def make() -> dict[str, Any]:
        customer = await yard.customer()
        body = {"customer_id": str(customer), "ceiling": "1.00", "valid_until": "2026-03-31", "reason": "x"}
        return await yard.done("/credit-exceptions", body, yard.gm)

    tries = {"revoke": Try("/credit-exceptions/{id}/revocation", lambda exception: {"reason": "x"})}
    assert await false_offers(yard.svc, "/credit-exceptions/{id}", make, tries, people_of(yard)) == []


async def test_a_loading(yard: "Yard") -> None:
    await yard.report("L1")
    scanner = await yard.scanner()

    async def make() -> dict[str, Any]:
        notice = await yard.released(await yard.order(await yard.customer()))
        loading = await yard.truck(notice)
        assert (await scanner.scan(loading, notice["lines"][0]["order_line_id"]))["allowed"]
        return dict((await yard.svc.get(f"/loadings/{loading}", as_=yard.keeper)).json())

    tries = {
        "resume": Try("/loadings", lambda loading: {"notice_id": loading["notice_id"], **TRUCK}),
        "sign": Try("/loadings/{id}/signatures", lambda loading: SIGNATURES),
    }
    assert await false_offers(yard.svc, "/loadings/{id}", make, tries, people_of(yard)) == []


async def test_an_exit_pass(yard: "Yard") -> None:
    async def make() -> dict[str, Any]:
        notice = await yard.released(await yard.order(await yard.customer()))
        signed = await yard.shipped(notice)
        return dict((await yard.svc.get(f"/exit-passes/{signed['exit_pass']['id']}", as_=yard.guard)).json())

    tries = {
        "let_out": Try(
            "/gate/exits",
            lambda it: {"presented": it["short_number"], "vehicle": it["vehicle"], "gate": it["gate"]},
        ),
        "void": Try("/delivery-notes/{note_id}/exit-passes", lambda it: {"gate": "G1", "reason": "x"}),
    }
    assert await false_offers(yard.svc, "/exit-passes/{id}", make, tries, people_of(yard)) == []


async def test_a_blocked_lot(yard: "Yard") -> None:
    numbers = count()

    async def make() -> dict[str, Any]:
        lot = f"B{next(numbers)}"
        await yard.block(lot)
        (block,) = (await yard.svc.get("/lot-blocks", as_=yard.quality, lot=lot)).json()["items"]
        return dict(block)

    tries = {"lift": Try("/lots/{lot}/unblocking")}
    assert await false_offers(yard.svc, "/lot-blocks/{id}", make, tries, people_of(yard)) == []
