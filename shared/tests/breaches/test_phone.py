"""A superior's word by phone: registered, used within its bound, papered and confirmed, missed and cured, or denied."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete

from fangxing.auth import Principal
from fangxing.organisation.consumers import CalendarChanged, ChangedDay, on_calendar_changed
from fangxing.phone.access import refusal
from fangxing.phone.covering import covers
from fangxing.phone.rules import WordAction
from fangxing.phone.store import PhoneWord
from fangxing.policies import PolicyRow
from fangxing.roles import Role
from fangxing_testing.offers import Try, false_offers, one_of_each_role
from fangxing_testing.toy.breaches import NOTE_BY_PHONE, PAPERS_DAYS
from fangxing_testing.toy.office import Office

PAPERS = {"papers": "补签的审批单"}
WHY = {"because": "没有这回事"}


def address(word: dict[str, Any], action: str = "") -> str:
    return f"/phone-words/{word['id']}{action and '/'}{action}"


async def use(office: Office, word: dict[str, Any], amount: str, *, document: str = "note/1") -> bool:
    wang = Principal("wang", "Wang", frozenset({Role.SALES_REP}))
    async with office.writer.runtime.unit_of_work(wang) as unit:
        verdict = await covers(unit, NOTE_BY_PHONE, UUID(word["id"]), document=document, figure=Decimal(amount))
        return verdict.allowed


async def test_3_8_2_b_a_word_is_registered_used_papered_and_confirmed(office: Office) -> None:
    word = await office.registered()
    assert (word["status"], word["liable"], word["most_value"]) == ("given", "wang", "1000.00")
    assert await office.tasks("wang") == ["phone.papers"]
    (task,) = (await office.get("manager", "/tasks"))["items"]
    # Monday's call: papers and confirmation by the end of Tuesday
    assert (task["kind"], task["due_on"]) == ("phone.confirm", "2026-03-03")

    assert not await use(office, word, "1000.01")
    assert await use(office, word, "1000.00")
    assert await office.refused("wang", address(word, "withdrawal"), WHY) == "phone-used"
    assert (await office.done("wang", address(word, "papers"), PAPERS))["status"] == "papered"
    settled = await office.done("manager", address(word, "confirmation"))
    assert (settled["status"], [one["document"] for one in settled["uses"]]) == ("settled", ["note/1"])
    assert (await office.tasks("wang"), await office.tasks("manager")) == ([], [])


async def test_what_a_word_covers_together_stays_within_its_bound(office: Office) -> None:
    word = await office.registered(once=False)
    assert await use(office, word, "600.00")
    assert not await use(office, word, "400.01", document="note/2")
    assert await use(office, word, "400.00", document="note/2")
    once = await office.registered()
    assert await use(office, once, "1.00")
    assert not await use(office, once, "1.00", document="note/2")
    office.clock.advance(hours=7)
    assert not await use(office, once, "1.00")


async def test_papers_missed_are_a_breach_and_close_the_channel_until_they_come_and_the_superior_confirms(
    office: Office,
) -> None:
    word = await office.registered()
    await office.next_day()
    assert await office.tasks("wang") == ["phone.papers"]
    await office.next_day()
    missed = await office.get("wang", address(word))
    (breach,) = (await office.get("wang", "/breaches"))["items"]
    assert (missed["missed_on"], missed["breach_id"]) == ("2026-03-04", breach["id"])
    assert (breach["kind"], breach["about"], breach["person"]) == ("papers-missed", f"phone-word/{word['id']}", "wang")

    async def refused_for(person: str = "wang") -> list[str]:
        judged = await office.done(person, "/phone-words", office.word())
        assert (judged["word"] is None) is not judged["allowed"]
        found: list[str] = judged["verdict"]["would_pass"]
        return found

    cure = [f"Bring the papers of phone-word/{word['id']}, and have manager confirm it in person"]
    assert await refused_for() == cure
    assert await refused_for("zhao") == []
    await office.done("wang", address(word, "papers"), PAPERS)
    assert await refused_for() == cure
    await office.next_day()
    await office.done("manager", address(word, "confirmation"))
    assert await refused_for() == []
    assert len((await office.get("gm", "/breaches"))["items"]) == 1


async def test_a_holiday_entered_later_moves_the_day_of_the_papers(office: Office) -> None:
    word = await office.registered()
    async with office.writer.runtime.unit_of_work() as unit:
        days = [ChangedDay(day=date(2026, 3, 3), working=False)]
        await on_calendar_changed(unit, CalendarChanged(place=None, days=days))
    await office.next_day(2)
    assert (await office.get("wang", address(word)))["missed_on"] is None
    await office.next_day()
    assert (await office.get("wang", address(word)))["missed_on"] == "2026-03-05"


async def test_papers_brought_and_not_confirmed_are_the_superiors_task_and_nobodys_breach(office: Office) -> None:
    word = await office.registered()
    await office.done("wang", address(word, "papers"), PAPERS)
    await office.next_day(5)
    assert (await office.get("gm", "/breaches"))["items"] == []
    assert (await office.tasks("manager"), await office.tasks("wang")) == (["phone.confirm"], [])


async def test_a_word_denied_is_a_breach_and_nothing_done_on_it_stands_silently(office: Office) -> None:
    word = await office.registered()
    assert await use(office, word, "500.00")
    denied = await office.done("manager", address(word, "denial"), WHY)
    assert (denied["status"], denied["ended_because"]) == ("denied", "没有这回事")
    assert not await use(office, word, "500.00")
    (task,) = (await office.get("manager", "/tasks", document="note/1"))["items"]
    assert (task["kind"], f"phone-word/{word['id']}" in task["title"]) == ("phone.denied", True)
    (breach,) = (await office.get("gm", "/breaches"))["items"]
    assert (breach["person"], breach["kind"], breach["id"]) == ("wang", "careless", denied["breach_id"])

    judged = await office.done("wang", "/phone-words", office.word())
    assert (judged["allowed"], judged["verdict"]["would_pass"]) == (False, [f"breach/{breach['id']} is decided first"])
    await office.done("manager", f"/breaches/{breach['id']}/decision", {"finding": "waive", **WHY})
    assert await office.registered()


@pytest.mark.parametrize(
    ("person", "more", "slug"),
    [
        ("wang", {"superior": "wang"}, "phone-own-word"),
        ("wang", {"superior_role": "finance_manager"}, "phone-no-superior"),
        ("wang", {"channel": "unheard"}, "phone-channel-unknown"),
        ("wang", {"most_value": None}, "phone-bound"),
        ("wang", {"most_tons": "1.000"}, "phone-bound"),
        ("wang", {"given_at": "2026-03-02T09:00:01+08:00"}, "phone-not-yet-given"),
        ("wang", {"expires_at": "2026-03-02T08:00:00+08:00"}, "phone-lasts-too-long"),
        ("wang", {"expires_at": "2026-03-04T00:00:00+08:00"}, "phone-lasts-too-long"),
        ("manager", {}, "role-required"),
        ("guard", {}, "role-required"),
    ],
)
async def test_what_no_superior_said_is_no_word(office: Office, person: str, more: dict[str, Any], slug: str) -> None:
    assert await office.refused(person, "/phone-words", office.word(**more)) == slug


async def test_an_unset_policy_lets_papers_wait_for_no_day(office: Office) -> None:
    async with office.writer.database.transaction() as tx:
        await tx.execute(delete(PolicyRow).where(PolicyRow.key == PAPERS_DAYS.key))
    await office.registered()
    (task,) = (await office.get("wang", "/tasks"))["items"]
    assert task["due_on"] == "2026-03-02"


async def test_the_superior_confirms_in_person_and_nobody_else(office: Office) -> None:
    word = await office.registered()
    for person in ("gm", "audit"):
        roles, office.held[person] = office.held[person], (Role.SALES_MANAGER,)
        assert await office.refused(person, address(word, "confirmation")) == "phone-not-its-superior"
        office.held[person] = roles
    deputy = Principal("manager", "M", frozenset({Role.SALES_MANAGER}), on_behalf_of="gm")
    refused = refusal(PhoneWord(superior="manager"), deputy, WordAction.CONFIRM)
    assert refused is not None
    assert refused.type.slug == "phone-not-its-superior"


async def test_a_word_is_seen_by_whom_it_concerns_and_those_above(office: Office) -> None:
    word = await office.registered()
    for person, seen in (("wang", 1), ("zhao", 0), ("guard", 0), ("manager", 1), ("audit", 1), ("gm", 1)):
        assert len((await office.get(person, "/phone-words"))["items"]) == seen
    assert await office.refused("zhao", address(word, "papers"), PAPERS) == "phone-word-not-found"
    history = await office.get("wang", address(word, "history"))
    assert [one["action"] for one in history] == ["register"]
    assert [(await office.get("wang", address(word)))["actions"], word["actions"]] == [["bring_papers", "withdraw"]] * 2


@pytest.mark.parametrize("state", ["given", "used", "papered", "confirmed"])
async def test_what_is_offered_is_answered_and_what_is_not_is_refused(office: Office, state: str) -> None:
    async def make() -> dict[str, Any]:
        word = await office.registered()
        if state == "used":
            assert await use(office, word, "1.00")
        if state == "papered":
            await office.done("wang", address(word, "papers"), PAPERS)
        if state == "confirmed":
            await office.done("manager", address(word, "confirmation"))
        seen: dict[str, Any] = await office.get("gm", address(word))
        return seen

    people = {**one_of_each_role(office.writer.identities), **{person: office.as_(person) for person in office.held}}
    tries = {
        "bring_papers": Try("/phone-words/{id}/papers", lambda word: PAPERS),
        "confirm": Try("/phone-words/{id}/confirmation"),
        "deny": Try("/phone-words/{id}/denial", lambda word: WHY),
        "withdraw": Try("/phone-words/{id}/withdrawal", lambda word: WHY),
    }
    assert await false_offers(office.writer, "/phone-words/{id}", make, tries, people) == []
