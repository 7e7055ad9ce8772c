"""Guessed passes: after ten nobody is told more for a while, the supervisor has one task, and real trucks go on."""

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from fangxing.roles import Role
from shipping_svc.papers.rules import check_digit

if TYPE_CHECKING:
    from conftest import Yard

MANY = ["too-many-attempts"]


def guess(number: int) -> str:
    """A number that is well formed and nobody's pass."""
    digits = f"{number:07}"
    return digits + check_digit(digits)


async def looked_up(yard: "Yard", number: str, as_: dict[str, str] | None = None) -> str:
    """What a look-up comes to: "found", or the slug of the problem."""
    answer = await yard.svc.get(f"/gate/passes/{number}", as_=as_ or yard.guard)
    return "found" if answer.status_code == 200 else str(answer.json()["slug"])


async def exits(yard: "Yard", presented: str, vehicle: str = "浙A12345", gate: str = "G1", who: str = "guard") -> str:
    """What an exit comes to: "out", the slug of the refusal, or that of the problem."""
    body = {"presented": presented, "vehicle": vehicle, "gate": gate}
    answer = (await yard.svc.post("/gate/exits", body, as_=yard.as_(who, Role.GATE_GUARD))).json()
    if "allowed" not in answer:
        return str(answer["slug"])
    return "out" if answer["allowed"] else str(answer["verdict"]["reasons"][0]["slug"])


async def guess_tasks(yard: "Yard") -> list[dict[str, Any]]:
    """The supervisor's open tasks on guessed passes."""
    tasks = (await yard.svc.get("/tasks", as_=yard.supervisor)).json()["items"]
    return [task for task in tasks if task["kind"] == "gate_guess"]


async def pass_of_truck(yard: "Yard") -> dict[str, Any]:
    notice = await yard.released(await yard.order(await yard.customer()))
    return dict((await yard.shipped(notice))["exit_pass"])


async def test_5_4_2_1_f_twenty_five_guesses_are_one_task_and_ten_of_them_are_answered(yard: "Yard") -> None:
    real = await pass_of_truck(yard)
    answers = [await exits(yard, guess(number), f"浙A{number:05}") for number in range(25)]
    assert answers == ["pass-unknown"] * 10 + MANY * 15
    (task,) = await guess_tasks(yard)
    assert (task["document"], task["to_note"], task["clause"]) == ("gate/G1", True, "5-4.2.1-F")
    assert "浙A" not in task["title"]
    refused = await yard.svc.get("/gate/refusals", as_=yard.supervisor)
    assert len(refused.json()["items"]) == 10
    # neither is a number heard that would be right, nor told whether it is
    assert await exits(yard, real["short_number"]) == "too-many-attempts"
    assert await looked_up(yard, real["short_number"]) == "too-many-attempts"
    # nobody guesses a signature: the truck leaves by its code
    assert await exits(yard, real["token"]) == "out"


async def test_5_4_2_1_f_look_ups_count_too_and_another_guard_is_heard(yard: "Yard") -> None:
    real = await pass_of_truck(yard)
    answers = []
    for number in range(12):
        answers.append(await looked_up(yard, guess(number)))
        if number < 10:
            # a pass one has in hand earns no guesses
            assert await looked_up(yard, real["short_number"]) == ("found" if number < 9 else "too-many-attempts")
    assert answers == ["no-such-pass"] * 10 + MANY * 2
    other = yard.as_("guard2", Role.GATE_GUARD)
    assert await looked_up(yard, real["short_number"], other) == "found"
    assert await exits(yard, real["short_number"], who="guard2") == "out"
    assert await guess_tasks(yard) == []


async def test_5_4_2_1_f_the_time_ends_by_itself_and_is_said(yard: "Yard") -> None:
    real = await pass_of_truck(yard)
    for number in range(10):
        await looked_up(yard, guess(number))
    yard.clock.advance(minutes=4)
    answer = await yard.svc.get(f"/gate/passes/{real['short_number']}", as_=yard.guard)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "360")
    yard.clock.advance(minutes=6)
    assert await looked_up(yard, real["short_number"]) == "found"


async def test_5_4_2_1_f_a_mistyped_digit_is_no_guess(yard: "Yard") -> None:
    real = await pass_of_truck(yard)
    wrong = real["short_number"][:-1] + str((int(real["short_number"][-1]) + 1) % 10)
    assert [await looked_up(yard, wrong) for _ in range(12)] == ["exit-pass-mistyped"] * 12
    assert await looked_up(yard, real["short_number"]) == "found"


async def test_5_4_2_1_f_a_place_has_one_task_an_hour_whoever_guesses_and_however_many_at_once(yard: "Yard") -> None:
    await asyncio.gather(*[exits(yard, guess(n), f"浙B{n:05}", who=f"guard{n}") for n in range(8)])
    await exits(yard, guess(1), gate="G2")
    tasks = await guess_tasks(yard)
    assert sorted(task["document"] for task in tasks) == ["gate/G1", "gate/G2"]
    for task in tasks:
        await yard.done(f"/tasks/{task['id']}/noting", {}, yard.supervisor)
    yard.clock.advance(minutes=59)
    await exits(yard, guess(2))
    assert await guess_tasks(yard) == []
    yard.clock.advance(minutes=1)
    await exits(yard, guess(3))
    assert [task["document"] for task in await guess_tasks(yard)] == ["gate/G1"]


@pytest.mark.parametrize("presented", ["aaaa.bbbb.cccc"])
async def test_5_4_2_1_f_forged_codes_are_guesses(yard: "Yard", presented: str) -> None:
    assert [await exits(yard, presented) for _ in range(12)] == ["pass-not-genuine"] * 10 + MANY * 2
    assert len(await guess_tasks(yard)) == 1
