"""The gate: a pass lets its truck out once, at its gate, in its time; whatever else comes is recorded."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from fangxing.roles import Role
from shipping_svc.papers import rules

if TYPE_CHECKING:
    from conftest import Yard


async def issued(yard: "Yard") -> dict[str, Any]:
    """The exit pass of a signed loading."""
    notice = await yard.released(await yard.order(await yard.customer()))
    return dict((await yard.shipped(notice))["exit_pass"])


async def look(yard: "Yard", number: str, language: str = "zh-CN") -> tuple[int, dict[str, Any]]:
    answer = await yard.svc.get(f"/gate/passes/{number}", as_={**yard.guard, "Accept-Language": language})
    return answer.status_code, dict(answer.json())


async def refusals(yard: "Yard") -> list[str]:
    """The slugs of the recorded refusals, oldest first."""
    rows = (await yard.svc.get("/gate/refusals", as_=yard.supervisor, sort="id")).json()["items"]
    return [row["slug"] for row in rows]


def slug(answer: dict[str, Any]) -> str | None:
    reasons = answer["verdict"]["reasons"]
    return str(reasons[0]["slug"]) if reasons else None


def mistyped(number: str) -> str:
    return number[:-1] + str((int(number[-1]) + 1) % 10)


async def test_5_4_2_1_f_the_guard_looks_a_pass_up(yard: "Yard") -> None:
    issued_pass = await issued(yard)
    status, found = await look(yard, issued_pass["short_number"])
    assert (status, found["valid"], found["why_not"], found["used_at"]) == (200, True, None, None)
    assert (found["vehicle"], found["driver"], found["gate"]) == ("浙A12345", "王师傅", "G1")
    assert (found["customer_name"], found["tons"]) == ("华纶", "1.000")
    assert found["goods"] == "POY 75D L1 1.000 吨"
    assert issued_pass["qr_svg"].startswith("<svg")


async def test_5_4_2_1_f_a_mistyped_digit_is_said_at_once_in_both_languages(yard: "Yard") -> None:
    number = mistyped((await issued(yard))["short_number"])
    status, problem = await look(yard, number)
    assert (status, problem["slug"], problem["field"]) == (400, "exit-pass-mistyped", "short_number")
    assert problem["clause"] == "5-4.2.1-F"
    assert problem["title"] == f"编号 {number} 的校验位不对，请再输一次"
    _, english = await look(yard, number, "en")
    assert english["title"] == f"The check digit of {number} is wrong; type it again"


@pytest.mark.parametrize("typed", ["1", "abcdefgh", "１２３４５６７８", "²²²²²²²²", "0000000000", "-1234567"])
async def test_5_4_2_1_f_what_is_no_number_is_mistyped(yard: "Yard", typed: str) -> None:
    status, problem = await look(yard, typed)
    assert (status, problem["slug"]) == (400, "exit-pass-mistyped")


async def test_5_4_2_1_f_an_unknown_number_is_404(yard: "Yard") -> None:
    digits = "1234567"
    assert (await look(yard, digits + rules.check_digit(digits)))[1]["slug"] == "no-such-pass"


@given(digits=st.from_regex(r"[0-9]{7}", fullmatch=True), place=st.integers(0, 7), more=st.integers(1, 9))
def test_5_4_2_1_f_one_wrong_digit_is_always_noticed(digits: str, place: int, more: int) -> None:
    number = digits + rules.check_digit(digits)
    assert rules.is_short_number(number)
    wrong = str((int(number[place]) + more) % 10)
    assert not rules.is_short_number(number[:place] + wrong + number[place + 1 :])


async def test_5_4_2_1_f_out_once_by_number_and_the_second_use_is_recorded(yard: "Yard") -> None:
    number = (await issued(yard))["short_number"]
    out = await yard.exit(number)
    assert (out["allowed"], out["short_number"], slug(out)) == (True, number, None)
    status, found = await look(yard, number)
    assert (status, found["valid"], found["used_at"]) == (200, False, "2026-03-02T01:00:00Z")
    assert "使用过" in found["why_not"]
    again = await yard.exit(number)
    assert (again["allowed"], slug(again)) == (False, "pass-used")
    assert again["verdict"]["would_pass"] == ["一张出门证只放行一次；通知仓库主管"]
    assert await refusals(yard) == ["pass-used"]
    audit = yard.as_("audit", Role.AUDIT_MANAGER)
    kept = (await yard.svc.get("/decisions", as_=audit, kind="exit")).json()["items"]
    assert [row["allowed"] for row in kept] == [False, True]


async def test_5_4_2_1_f_out_by_the_code_and_the_number_is_then_used_too(yard: "Yard") -> None:
    issued_pass = await issued(yard)
    assert (await yard.exit(issued_pass["token"]))["allowed"]
    assert slug(await yard.exit(issued_pass["short_number"])) == "pass-used"
    assert slug(await yard.exit(issued_pass["token"])) == "pass-used"


async def test_5_4_2_1_f_forged_codes_are_not_genuine(yard: "Yard") -> None:
    issued_pass = await issued(yard)
    header, claims, signature = issued_pass["token"].split(".")
    own = yard.svc.runtime.signing_key
    content = jwt.decode(issued_pass["token"], own.public_key(), algorithms=["EdDSA"])
    typed = {"typ": "exit-pass+jwt"}
    other_claims = jwt.encode({**content, "veh": "浙B99999"}, own, algorithm="EdDSA", headers=typed).split(".")[1]
    forged = [
        f"{header}.{claims}.{signature[:-4]}AAAA",
        f"{header}.{other_claims}.{signature}",
        jwt.encode(content, Ed25519PrivateKey.generate(), algorithm="EdDSA", headers=typed),
        jwt.encode(content, "x" * 32, algorithm="HS256", headers=typed),
        jwt.encode(content, own, algorithm="EdDSA", headers={"typ": "JWT"}),
        jwt.encode({**content, "jti": "x"}, own, algorithm="EdDSA", headers=typed),
        "a.b.c",
    ]
    for presented in forged:
        answer = await yard.exit(presented)
        assert (answer["allowed"], slug(answer), answer["short_number"]) == (False, "pass-not-genuine", None)
    unsigned = jwt.encode(content, "", algorithm="none", headers=typed)
    body = {"presented": unsigned, "vehicle": "浙A12345", "gate": "G1"}
    assert await yard.refused("/gate/exits", body, yard.guard) == (400, "input-invalid")
    assert await refusals(yard) == ["pass-not-genuine"] * len(forged)
    assert (await yard.exit(issued_pass["token"]))["allowed"]


async def test_5_4_2_1_f_a_genuine_code_of_no_pass_is_unknown(yard: "Yard") -> None:
    claims = {"jti": "00000000-0000-7000-8000-000000000000"}
    token = jwt.encode(claims, yard.svc.runtime.signing_key, algorithm="EdDSA", headers={"typ": "exit-pass+jwt"})
    assert slug(await yard.exit(token)) == slug(await yard.exit("12345674")) == "pass-unknown"
    assert await refusals(yard) == ["pass-unknown"] * 2


async def test_5_4_2_1_f_another_gate_or_another_truck_is_refused_and_the_pass_stays_good(yard: "Yard") -> None:
    number = (await issued(yard))["short_number"]
    wrong_gate = await yard.exit(number, gate="G2")
    assert (slug(wrong_gate), wrong_gate["verdict"]["would_pass"]) == ("pass-other-gate", ["请司机到 G1 门"])
    assert slug(await yard.exit(number, vehicle="浙B99999")) == "pass-other-vehicle"
    assert (await yard.exit(number))["allowed"]
    assert await refusals(yard) == ["pass-other-gate", "pass-other-vehicle"]


async def test_5_4_2_1_f_a_pass_is_good_to_its_last_moment_and_not_one_second_longer(yard: "Yard") -> None:
    first, second = await issued(yard), await issued(yard)
    until = datetime.fromisoformat(first["valid_until"])
    assert until == yard.clock.now() + timedelta(hours=12)
    yard.clock.set(until)
    assert (await look(yard, second["short_number"]))[1]["valid"]
    assert (await yard.exit(first["short_number"]))["allowed"]
    yard.clock.advance(seconds=1)
    assert "过期" in (await look(yard, second["short_number"]))[1]["why_not"]
    assert slug(await yard.exit(second["short_number"])) == "pass-expired"
    assert slug(await yard.exit(second["token"])) == "pass-expired"


async def test_5_4_2_1_f_an_expired_pass_is_replaced_by_the_supervisor_and_the_old_one_is_void(yard: "Yard") -> None:
    old = await issued(yard)
    yard.clock.advance(hours=13)
    path = f"/delivery-notes/{old['note_id']}/exit-passes"
    body = {"gate": "G1", "reason": "过期，重新核对车辆"}
    new = await yard.svc.post(path, body, as_=yard.supervisor)
    assert new.status_code == 201, new.text
    assert (await look(yard, old["short_number"]))[1]["valid"] is False
    refused = await yard.exit(old["short_number"])
    assert (refused["allowed"], slug(refused)) == (False, "pass-void")
    assert (await yard.exit(new.json()["short_number"]))["allowed"] is True
    again = await yard.svc.post(path, body, as_=yard.supervisor)
    assert (again.status_code, again.json()["slug"]) == (409, "wrong-state")


async def test_5_4_2_1_f_how_long_a_pass_is_good_is_a_policy(yard: "Yard") -> None:
    await yard.policy("exit_pass.valid_hours", 1, yard.supervisor)
    assert (await issued(yard))["valid_until"] == "2026-03-02T02:00:00Z"


async def test_shipment_left_is_the_second_fact_of_the_delivery_note_on_the_day_the_truck_left(yard: "Yard") -> None:
    account = await yard.customer()
    notice = await yard.released(await yard.order(account))
    await yard.policy("exit_pass.valid_hours", 48, yard.supervisor)
    signed = await yard.shipped(notice)
    note = signed["delivery_note"]
    # half past midnight at the factory, still the day before in UTC
    yard.clock.set(datetime(2026, 3, 2, 16, 30, tzinfo=UTC))
    assert (await yard.exit(signed["exit_pass"]["short_number"]))["allowed"]
    (event,) = await yard.svc.published("shipping.ShipmentLeft.v1")
    assert (event.document, event.version) == (f"delivery-note/{note['id']}", 2)
    assert event.data == {
        "delivery_note_id": note["id"],
        "notice_id": notice["id"],
        "customer_id": str(account),
        "account_id": str(account),
        "left_on": "2026-03-03",
        "gate": "G1",
    }
    read = (await yard.svc.get(f"/delivery-notes/{note['id']}", as_=yard.rep)).json()
    assert (read["shipped_on"], read["left_on"]) == ("2026-03-02", "2026-03-03")


async def test_i7_twenty_exits_with_one_pass_at_once_let_one_truck_out(yard: "Yard") -> None:
    issued_pass = await issued(yard)

    async def leave(number: int) -> tuple[int, dict[str, Any]]:
        presented = issued_pass["token"] if number % 2 else issued_pass["short_number"]
        body = {"presented": presented, "vehicle": "浙A12345", "gate": "G1"}
        guard = yard.as_(f"guard{number}", Role.GATE_GUARD)
        answer = await yard.svc.post("/gate/exits", body, as_=guard)
        return answer.status_code, answer.json()

    answers = await asyncio.gather(*[leave(number) for number in range(20)])
    assert {status for status, _ in answers} == {200}
    assert [answer["allowed"] for _, answer in answers].count(True) == 1
    assert {slug(answer) for _, answer in answers if not answer["allowed"]} == {"pass-used"}
    assert await refusals(yard) == ["pass-used"] * 19
    assert len(await yard.svc.published("shipping.ShipmentLeft.v1")) == 1


async def test_5_4_2_1_f_a_guard_who_asks_again_with_the_same_key_gets_the_same_answer(yard: "Yard") -> None:
    body = {"presented": (await issued(yard))["short_number"], "vehicle": "浙A12345", "gate": "G1"}
    answers = [await yard.svc.post("/gate/exits", body, as_=yard.guard, key="one") for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert answers[1].json()["allowed"]
    assert await refusals(yard) == []


async def test_refusals_are_listed_by_day_and_gate(yard: "Yard") -> None:
    await yard.exit("12345674", gate="G1")
    yard.clock.advance(days=1)
    await yard.exit("12345674", gate="G2")

    async def count(**filters: str) -> int:
        answer = await yard.svc.get("/gate/refusals", as_=yard.supervisor, **filters)
        return len(answer.json()["items"])

    assert await count() == 2
    assert await count(refused_on="2026-03-03") == await count(gate="G1") == 1
    assert await count(refused_on="2026-03-03", gate="G1") == 0
