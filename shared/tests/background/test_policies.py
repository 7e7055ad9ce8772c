"""Policies: the right version on the right day, one version after the other, by their owner alone."""

import asyncio
import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from fangxing import policies
from fangxing.roles import Role
from fangxing_testing.harness import FixedClock, ServiceUnderTest
from fangxing_testing.toy.papers.policies import PAIRS
from fangxing_testing.toy.service import CEILING, NEVER_SET

TODAY = date(2026, 3, 2)


async def ceiling(writer: ServiceUnderTest, day: date) -> tuple[Decimal | None, int]:
    async with writer.database.reader() as reader:
        book = await policies.load(reader, writer.service.policies, day)
    return book.get(CEILING), book.version(CEILING)


async def put(
    writer: ServiceUnderTest, value: Any, day: date = TODAY, role: Role = Role.FINANCE_MANAGER
) -> httpx.Response:
    body = {"value": value, "effective_from": day.isoformat()}
    return await writer.post("/policies/toy.ceiling/versions", body, as_=writer.identities.headers("chen", role))


async def test_the_version_in_effect_is_the_newest_whose_day_has_come(writer: ServiceUnderTest) -> None:
    assert (await put(writer, "2000.00", TODAY + timedelta(days=10))).json()["version"] == 2
    assert (await put(writer, "1500.00", TODAY + timedelta(days=3))).json()["version"] == 3
    seen = [await ceiling(writer, TODAY + timedelta(days=days)) for days in (0, 2, 3, 9, 10)]
    assert seen == [
        (Decimal("1000.00"), 1),
        (Decimal("1000.00"), 1),
        (Decimal("1500.00"), 3),
        (Decimal("1500.00"), 3),
        (Decimal("1500.00"), 3),
    ]


async def test_a_policy_takes_effect_when_business_time_gets_there(writer: ServiceUnderTest, clock: FixedClock) -> None:
    await put(writer, "2000.00", TODAY + timedelta(days=1))
    who = writer.identities.headers("li", Role.SALES_REP)
    values = []
    for _ in range(2):
        listed = {policy["key"]: policy for policy in (await writer.get("/policies", as_=who)).json()}
        values.append(listed["toy.ceiling"]["value"])
        clock.advance(days=1)
    assert values == ["1000.00", "2000.00"]
    assert (listed["toy.unset"]["value"], listed["toy.unset"]["version"]) == (None, 0)


async def test_a_policy_nobody_set_has_no_value(writer: ServiceUnderTest) -> None:
    async with writer.runtime.unit_of_work() as unit:
        book = await unit.policies()
        assert book.get(NEVER_SET) is None
        assert book.versions(CEILING, NEVER_SET) == {"toy.ceiling": 1, "toy.unset": 0}


async def test_only_the_owner_sets_a_policy_and_never_for_a_day_gone_by(writer: ServiceUnderTest) -> None:
    refused = await put(writer, "1.00", role=Role.GENERAL_MANAGER)
    assert (refused.status_code, refused.json()["slug"]) == (403, "policy-not-yours")
    late = await put(writer, "1.00", TODAY - timedelta(days=1))
    assert (late.status_code, late.json()["slug"], late.json()["field"]) == (400, "policy-backdated", "effective_from")
    unknown = await writer.post(
        "/policies/toy.nothing/versions",
        {"value": 1, "effective_from": "2026-03-02"},
        as_=writer.identities.headers("chen", Role.FINANCE_MANAGER),
    )
    assert (unknown.status_code, unknown.json()["slug"]) == (404, "policy-unknown")
    bad_values: list[Any] = [10, "-1.00", "1.001", None, [], "x"]
    for value in bad_values:
        bad = await put(writer, value)
        assert (bad.status_code, bad.json()["slug"]) == (400, "policy-value-invalid"), value
    assert await ceiling(writer, TODAY) == (Decimal("1000.00"), 1)


@pytest.mark.parametrize("value", [True, "5", 5.0, "\ud800"])
async def test_a_value_is_read_as_strictly_as_a_body(writer: ServiceUnderTest, value: object) -> None:
    body = json.dumps({"value": value, "effective_from": TODAY.isoformat()})
    finance = writer.identities.headers("chen", Role.FINANCE_MANAGER)
    headers = {**finance, "Idempotency-Key": "k", "Content-Type": "application/json"}
    answer = await writer.client.post("/policies/toy.unset/versions", content=body, headers=headers)
    assert (answer.status_code, answer.json()["field"]) == (400, "body" if value == "\ud800" else "value")


async def test_a_refusal_speaks_one_language(writer: ServiceUnderTest) -> None:
    rep, finance = (writer.identities.headers("li", role) for role in (Role.SALES_REP, Role.FINANCE_MANAGER))
    body = {"value": "-1.00", "effective_from": TODAY.isoformat()}
    for who, chinese, english in (
        (rep, "政策参数 toy.ceiling 由 财务部经理 维护", "The policy toy.ceiling is kept by finance manager"),
        (
            finance,
            "政策参数 toy.ceiling 的值无效：须大于 0",
            "The value of policy toy.ceiling is not valid: must be greater than 0",
        ),
    ):
        for language, title in (("zh", chinese), ("en", english)):
            answer = await writer.post("/policies/toy.ceiling/versions", body, as_={**who, "Accept-Language": language})
            assert answer.json()["title"] == title


async def test_versions_set_at_once_get_numbers_of_their_own(writer: ServiceUnderTest) -> None:
    answers = await asyncio.gather(*(put(writer, f"{number}.00") for number in range(1, 9)))
    assert sorted(answer.json()["version"] for answer in answers) == list(range(2, 10))


async def test_starting_again_does_not_bring_back_the_first_value(writer: ServiceUnderTest) -> None:
    await put(writer, "3000.00")
    async with writer.runtime.unit_of_work() as unit:
        await policies.seed(unit.tx, writer.service.policies, unit.system_now)
    assert await ceiling(writer, TODAY) == (Decimal("3000.00"), 2)


LOOSENED = {"loosened": [{"pair": ["paper.file", "paper.decide"], "since": "2026-03-02", "until": "2026-03-31"}]}
"""Who files a paper may decide it, for a month."""


LOOSER = "放宽 文件·提交 × 文件·审批（2026-03-02 至 2026-03-31）"


async def propose(writer: ServiceUnderTest, value: Any, day: date = TODAY, who: str = "fm") -> int:
    body = {"value": value, "effective_from": day.isoformat()}
    headers = writer.identities.headers(who, Role.FINANCE_MANAGER, Role.GENERAL_MANAGER)
    answer = await writer.post("/policies/hands.incompatible/versions", body, as_=headers)
    assert (answer.status_code, answer.json()["status"]) == (201, "proposed")
    version: int = answer.json()["version"]
    return version


async def settle(writer: ServiceUnderTest, version: int, verb: str, who: str = "gm") -> httpx.Response:
    path = f"/policies/hands.incompatible/versions/{version}/{verb}"
    return await writer.post(path, as_=writer.identities.headers(who, Role.GENERAL_MANAGER))


async def pairs_on(writer: ServiceUnderTest, day: date) -> int:
    async with writer.database.reader() as reader:
        return (await policies.load(reader, writer.service.policies, day)).version(PAIRS)


async def test_what_widens_authority_takes_the_general_manager_as_second_person(writer: ServiceUnderTest) -> None:
    version = await propose(writer, LOOSENED)
    assert await pairs_on(writer, TODAY) == 1
    gm = writer.identities.headers("gm", Role.GENERAL_MANAGER)
    (task,) = (await writer.get("/tasks", as_=gm)).json()["items"]
    assert (task["kind"], task["document"]) == ("confirm_policy", f"policy/hands.incompatible/{version}")
    own = await settle(writer, version, "confirmation", who="fm")
    assert (own.status_code, own.json()["slug"]) == (403, "policy-own-proposal")
    assert (await settle(writer, version, "confirmation")).json()["status"] == "in_force"
    assert await pairs_on(writer, TODAY) == version
    assert (await writer.get("/tasks", as_=gm)).json()["items"] == []
    again = await settle(writer, version, "confirmation")
    assert (again.status_code, again.json()["slug"]) == (409, "policy-not-proposed")


async def test_a_confirmation_never_acts_backwards_nor_on_top_of_a_newer_version(
    writer: ServiceUnderTest, clock: FixedClock
) -> None:
    first = await propose(writer, LOOSENED)
    second = await propose(writer, {})
    refused = await settle(writer, second, "refusal")
    assert refused.json()["status"] == "refused"
    proposer = writer.identities.headers("fm", Role.FINANCE_MANAGER)
    (told,) = (await writer.get("/tasks", as_=proposer)).json()["items"]
    assert (told["kind"], told["document"], told["to_note"]) == (
        "policy_refused",
        f"policy/hands.incompatible/{second}",
        True,
    )
    third = await propose(writer, {})
    clock.advance(days=3)
    confirmed = (await settle(writer, third, "confirmation")).json()
    assert confirmed["effective_from"] == (TODAY + timedelta(days=3)).isoformat()
    assert await pairs_on(writer, TODAY + timedelta(days=2)) == 1
    assert await pairs_on(writer, TODAY + timedelta(days=3)) == third
    overtaken = await settle(writer, first, "confirmation")
    assert (overtaken.status_code, overtaken.json()["slug"]) == (409, "policy-overtaken")


async def test_who_confirms_is_told_what_goes_and_what_comes(writer: ServiceUnderTest) -> None:
    """In the task, in the answers and in the list, in his language; against what is in force, not what was refused."""
    gm = writer.identities.headers("gm", Role.GENERAL_MANAGER)
    await settle(writer, await propose(writer, {"added": [["paper.file", "paper.withdraw"]]}), "refusal")
    added = [["paper.revise", "paper.withdraw"]]
    version = await propose(writer, {**LOOSENED, "added": added})
    (task,) = (await writer.get("/tasks", as_=gm)).json()["items"]
    assert task["title"].endswith(f"第 3 版。停用：-。启用：文件·修改 × 文件·撤回; {LOOSER}。")
    english = {**gm, "Accept-Language": "en"}
    listed = (await writer.get("/policies", as_=english)).json()
    (policy,) = [policy for policy in listed if policy["key"] == "hands.incompatible"]
    confirmed = (await settle(writer, version, "confirmation")).json()
    assert (confirmed["goes"], confirmed["comes"]) == ([], ["文件·修改 × 文件·撤回", LOOSER])
    assert (policy["versions"][-1]["goes"], policy["versions"][-1]["comes"]) == (
        [],
        ["paper: revise × paper: withdraw", "loosened: paper: file × paper: decide (2026-03-02 to 2026-03-31)"],
    )
    assert [(row["goes"], row["comes"]) for row in policy["versions"][:1]] == [([], [])]


async def test_every_policy_says_what_a_version_changes(writer: ServiceUnderTest) -> None:
    assert [(await put(writer, value)).json()["goes"] for value in ("2000.00", "3000.00")] == [["1000.00"], ["2000.00"]]
    routes = {
        "large": ["sales_manager", "finance_manager", "general_manager"],
        "small": ["finance_manager", "sales_manager"],
    }
    body = {"value": routes, "effective_from": TODAY.isoformat()}
    gm = writer.identities.headers("gm", Role.GENERAL_MANAGER)
    answer = (await writer.post("/policies/route.paper/versions", body, as_=gm)).json()
    assert (answer["goes"], answer["comes"]) == (["small：销售经理"], ["small：财务部经理 → 销售经理"])
