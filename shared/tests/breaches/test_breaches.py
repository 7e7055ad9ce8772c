"""A breach from its opening to the appeal, over HTTP, as everybody concerned sees it."""

import io
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from fangxing.auth import Principal
from fangxing.breaches.access import refusal
from fangxing.breaches.rules import BreachAction
from fangxing.breaches.store import Breach
from fangxing.roles import Role
from fangxing_testing.offers import Try, false_offers, one_of_each_role
from fangxing_testing.toy.office import Office

WHY = {"because": "看过了"}
FINE = {"finding": "fine", "fine": "80.00", **WHY}


def by_hand(**more: Any) -> dict[str, Any]:
    case = {"kind": "careless", "about": f"note/{uuid4()}", "person": "wang", "acted_as": "sales_rep"}
    return {**case, "evidence": "现场看见", **more}


async def test_a_breach_is_opened_decided_appealed_against_and_judged_and_leaves_its_traces(office: Office) -> None:
    path = await office.breach()
    assert (await office.tasks("manager"), await office.tasks("wang")) == (["breach.decide"], ["breach.told"])

    fined = await office.done("manager", f"{path}/decision", FINE)
    assert (fined["allowed"], fined["breach"]["status"], fined["breach"]["fine"]) == (True, "fined", "80.00")
    assert (await office.tasks("manager"), await office.tasks("wang")) == ([], ["breach.told"] * 2)

    await office.done("wang", f"{path}/appeal", WHY)
    assert await office.tasks("gm") == ["breach.judge"]
    judged = await office.done("gm", f"{path}/judgement", {"judgement": "uphold", "fine": "20.00", **WHY})
    assert (judged["breach"]["status"], judged["breach"]["fine"]) == ("upheld", "20.00")
    assert await office.tasks("gm") == []

    told = [(one["action"], one["actor"]) for one in await office.get("wang", f"{path}/history")]
    assert told == [("open", "system"), ("decide", "manager"), ("appeal", "wang"), ("judge", "gm")]
    kept = (await office.get("audit", "/decisions", document=path.strip("/").replace("breaches", "breach")))["items"]
    assert len(kept) == 2


async def test_3_10_a_fine_outside_the_range_is_refused_with_the_clause_and_changes_nothing(office: Office) -> None:
    path = await office.breach()
    for fine in ("19.99", "100.01"):
        answer = await office.done("manager", f"{path}/decision", {**FINE, "fine": fine})
        assert (answer["allowed"], answer["breach"]["status"], answer["verdict"]["clauses"]) == (False, "open", ["0-3"])
        assert answer["verdict"]["would_pass"] == ["Fine 20.00 to 100.00 yuan, or waive it with a reason"]
    for body in ({"finding": "fine", **WHY}, {"finding": "waive", "fine": "20.00", **WHY}, {"finding": "waive"}):
        assert await office.refused("manager", f"{path}/decision", body) == "input-invalid"
    waived = await office.done("manager", f"{path}/decision", {"finding": "waive", **WHY})
    assert (waived["breach"]["status"], waived["breach"]["fine"]) == ("waived", None)


async def test_the_database_holds_no_fine_outside_the_range(office: Office) -> None:
    await office.breach()
    for fine in ("19.99", "100.01"):
        with pytest.raises(IntegrityError, match="ck_breaches_fine"):
            async with office.writer.database.transaction() as tx:
                await tx.execute(text(f"UPDATE breaches SET fine = {fine}"))


async def test_3_10_serious_consequences_go_to_the_company_and_the_gm_may_take_it_over(office: Office) -> None:
    for person in ("manager", "gm"):
        path = await office.breach()
        serious = await office.done(person, f"{path}/passing-on", WHY)
        assert (serious["status"], serious["decider"], serious["serious_because"]) == (
            "serious",
            "general_manager",
            "看过了",
        )
        assert await office.tasks("manager") == []
        assert await office.refused("manager", f"{path}/decision", FINE) == "role-required"
        assert (await office.done("gm", f"{path}/decision", FINE))["allowed"]
    own = await office.breach("manager", Role.SALES_MANAGER)
    assert await office.refused("gm", f"{own}/passing-on", WHY) == "breach-with-the-company"


async def test_3_10_nobody_decides_his_own_whatever_roles_he_holds(office: Office) -> None:
    path = await office.breach("manager", Role.SALES_MANAGER)
    assert await office.tasks("gm") == ["breach.decide"]
    assert await office.refused("manager", f"{path}/decision", FINE) == "own-breach"
    office.held["manager"] = (Role.SALES_MANAGER, Role.GENERAL_MANAGER)
    for action in ("decision", "passing-on"):
        assert (
            await office.refused("manager", f"{path}/{action}", FINE if action == "decision" else WHY) == "own-breach"
        )
    await office.done("gm", f"{path}/decision", FINE)
    assert await office.refused("gm", f"{path}/appeal", WHY) == "not-your-breach"

    gms = await office.breach("gm", Role.GENERAL_MANAGER)
    assert await office.tasks("audit") == ["breach.decide"]
    await office.done("audit", f"{gms}/decision", FINE)
    await office.done("gm", f"{gms}/appeal", WHY)
    assert await office.tasks("finance") == ["breach.judge"]


def test_principal_and_deputy_are_one_person() -> None:
    breach = Breach(person="manager", decider=Role.GENERAL_MANAGER, author="system")
    deputy = Principal("li", "Li", frozenset({Role.GENERAL_MANAGER}), on_behalf_of="manager")
    refused = refusal(breach, deputy, BreachAction.DECIDE)
    assert refused is not None
    assert refused.type.slug == "own-breach"


async def test_who_entered_it_by_hand_does_not_decide_it_and_alone_withdraws_it(office: Office) -> None:
    entered = await office.done("manager", "/breaches", by_hand())
    path = f"/breaches/{entered['id']}"
    assert (entered["decider"], entered["actions"]) == ("general_manager", ["withdraw"])
    office.held["manager"] = (Role.SALES_MANAGER, Role.GENERAL_MANAGER)
    assert await office.refused("manager", f"{path}/decision", FINE) == "incompatible-hands"
    assert await office.refused("gm", f"{path}/withdrawal", WHY) == "not-your-breach-entry"
    gone = await office.done("manager", f"{path}/withdrawal", WHY)
    assert (gone["status"], gone["withdrawn_because"]) == ("withdrawn", "看过了")
    assert await office.refused("gm", f"{path}/decision", FINE) == "wrong-state"


async def test_once_per_kind_case_and_person(office: Office) -> None:
    body = by_hand()
    assert await office.breach(about="note/1") == await office.breach(about="note/1")
    await office.done("manager", "/breaches", body)
    assert await office.refused("gm", "/breaches", body) == "breach-recorded"
    await office.done("gm", "/breaches", {**body, "person": "zhao"})
    assert await office.refused("gm", "/breaches", by_hand(kind="unheard")) == "breach-kind-unknown"
    assert await office.refused("gm", "/breaches", by_hand(person="gm")) == "own-breach"


async def test_the_person_sees_his_own_managers_all_and_nobody_else_any(office: Office) -> None:
    path, other = await office.breach("wang"), await office.breach("zhao")
    for person, seen in (("wang", 1), ("manager", 2), ("finance", 2), ("audit", 2), ("gm", 2), ("guard", 0)):
        assert len((await office.get(person, "/breaches"))["items"]) == seen
    for address in (other, f"{other}/history", f"{other}/attachments"):
        assert (await office.writer.get(address, as_=office.as_("wang"))).status_code == 404
    assert await office.refused("wang", f"{other}/appeal", WHY) == "breach-not-found"
    assert (await office.get("wang", path))["name"] == "careless"


async def test_evidence_is_attached_and_read_by_whoever_sees_the_breach(office: Office) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(picture, "PNG")
    headers = {**office.as_("gm"), "Idempotency-Key": uuid4().hex}
    sent = await office.writer.client.post("/attachments?name=1.png", content=picture.getvalue(), headers=headers)
    png = sent.json()
    entered = await office.done("gm", "/breaches", by_hand(attachments=[png["id"]]))
    listed = await office.get("wang", f"/breaches/{entered['id']}/attachments")
    assert [one["sha256"] for one in listed] == [png["sha256"]]


async def test_fines_are_summed_by_person_and_month_without_what_was_lifted(office: Office) -> None:
    for fine in ("20.00", "30.50"):
        await office.done("manager", f"{await office.breach()}/decision", {**FINE, "fine": fine})
    await office.breach("zhao")
    lifted = await office.breach()
    await office.done("manager", f"{lifted}/decision", FINE)
    await office.done("wang", f"{lifted}/appeal", WHY)
    await office.done("gm", f"{lifted}/judgement", {"judgement": "lift", **WHY})
    office.clock.advance(days=30)
    await office.done("manager", f"{await office.breach()}/decision", FINE)

    async def sums(who: str, **query: Any) -> list[tuple[Any, ...]]:
        items = (await office.get(who, "/breaches/sums", sort="month", **query))["items"]
        return [(one["month"], one["person"], one["breaches"], one["fined"], one["fines"]) for one in items]

    march, april = ("2026-03", "wang", 2, 2, "50.50"), ("2026-04", "wang", 1, 1, "80.00")
    assert await sums("gm") == [march, ("2026-03", "zhao", 1, 0, "0.00"), april]
    assert await sums("wang") == await sums("gm", person="wang") == [march, april]
    assert await sums("gm", month_from="2026-04") == [april]
    assert [len((await office.get("gm", "/breaches", **query))["items"]) for query in FILTERS] == [4, 1, 3, 1]
    table = await office.writer.get("/breaches/sums", as_=office.as_("gm"), format="csv")
    assert table.text.splitlines()[1] == "2026-04,wang,1,1,80.00"


FILTERS: list[dict[str, Any]] = [
    {"person": "wang"},
    {"opened_from": "2026-04-01"},
    {"status": "fined"},
    {"status": "open", "kind": "careless"},
]


@pytest.mark.parametrize("state", ["open", "serious", "entered", "fined", "appealed"])
async def test_what_is_offered_is_answered_and_what_is_not_is_refused(office: Office, state: str) -> None:
    async def make() -> dict[str, Any]:
        if state == "entered":
            return await office.done("audit", "/breaches", by_hand())
        path = await office.breach()
        if state == "serious":
            await office.done("manager", f"{path}/passing-on", WHY)
        if state in ("fined", "appealed"):
            await office.done("manager", f"{path}/decision", FINE)
        if state == "appealed":
            await office.done("wang", f"{path}/appeal", WHY)
        seen: dict[str, Any] = await office.get("gm", path)
        return seen

    people = {**one_of_each_role(office.writer.identities), **{person: office.as_(person) for person in office.held}}
    assert await false_offers(office.writer, "/breaches/{id}", make, TRIES, people) == []


TRIES = {
    "decide": Try("/breaches/{id}/decision", lambda breach: FINE),
    "pass_on": Try("/breaches/{id}/passing-on", lambda breach: WHY),
    "appeal": Try("/breaches/{id}/appeal", lambda breach: WHY),
    "judge": Try("/breaches/{id}/judgement", lambda breach: {"judgement": "lift", **WHY}),
    "withdraw": Try("/breaches/{id}/withdrawal", lambda breach: WHY),
}
