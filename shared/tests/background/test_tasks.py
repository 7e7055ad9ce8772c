"""Tasks do not rot: each has a day, what is late is shown to the superior, and what somebody had who left is his."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, insert, update

from fangxing.auth import Principal
from fangxing.organisation.people import Person
from fangxing.policies import set_value
from fangxing.roles import Role
from fangxing.tasks import DUE_DAYS, TaskRow, open_task
from fangxing.text import Text
from fangxing_testing.harness import FixedClock, ServiceUnderTest
from fangxing_testing.toy.papers import filing
from fangxing_testing.toy.papers.shapes import FilePaper
from fangxing_testing.toy.service import judge, write
from fangxing_testing.toy.shop import Shop

CLERK, CHIEF, BOSS = "clerk", "chief", "boss"


async def ask(service: ServiceUnderTest, role: Role = Role.ACCOUNTANT, document: str = "thing/1", **also: Any) -> None:
    """Open a task, as any use case does."""
    title = Text("请办理", "Please see to it")
    async with service.runtime.unit_of_work() as unit:
        await open_task(unit, kind="see_to_it", role=role, document=document, clause="1-3", title=title, **also)


async def staff(
    service: ServiceUnderTest, subject: str, superior: str | None, *roles: Role, active: bool = True
) -> None:
    """Keep a person, as `StaffChanged` would."""
    terms = [{"role": role, "since": "2026-01-01", "until": None} for role in roles]
    row = {"subject": subject, "name": subject.title(), "superior": superior, "roles": terms, "active": active}
    async with service.runtime.unit_of_work() as unit:
        await unit.tx.execute(insert(Person), [row])


async def tasks(service: ServiceUnderTest, who: str, *roles: Role, **query: Any) -> list[dict[str, Any]]:
    headers = {**service.identities.headers(who, *roles), "Accept-Language": "en"}
    answer = await service.get("/tasks", as_=headers, **query)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def documents(service: ServiceUnderTest, who: str, *roles: Role) -> list[str]:
    return [task["document"] for task in await tasks(service, who, *roles)]


@contextmanager
def statements(service: ServiceUnderTest) -> Iterator[list[str]]:
    """What is asked of the database in the block."""
    asked: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        asked.append(statement)

    engines = [engine.sync_engine for engine in (service.database.engine, service.database.read_engine)]
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield asked
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


async def test_a_task_without_a_day_gets_that_of_its_kind_in_working_days(writer: ServiceUnderTest) -> None:
    value = {"all_others": 2, "kinds": {"see_to_it": 5}}
    async with writer.runtime.unit_of_work() as unit:
        await set_value(unit.tx, DUE_DAYS, value, effective_from=unit.today, by="admin", now=unit.now)
    await ask(writer)
    await ask(writer, document="thing/2", due_on=date(2026, 3, 30))
    await file_paper(writer, "便条")
    # 2 March 2026 is a Monday
    assert [task["due_on"] for task in await tasks(writer, CLERK, Role.ACCOUNTANT)] == ["2026-03-30", "2026-03-09"]
    assert [task["due_on"] for task in await tasks(writer, CHIEF, Role.SALES_MANAGER)] == ["2026-03-04"]


async def test_where_no_policy_says_how_long_a_task_is_due_on_the_next_working_day(reader: ServiceUnderTest) -> None:
    await ask(reader)
    assert [task["due_on"] for task in await tasks(reader, CLERK, Role.ACCOUNTANT)] == ["2026-03-03"]


async def test_what_is_overdue_is_shown_to_the_superior_as_well(writer: ServiceUnderTest, clock: FixedClock) -> None:
    await staff(writer, CLERK, CHIEF, Role.ACCOUNTANT)
    await staff(writer, CHIEF, BOSS, Role.QUALITY)
    await ask(writer, document="thing/his", assignee=CLERK)
    await ask(writer, document="thing/of-the-role")
    await ask(writer, Role.PRODUCTION, document="thing/elsewhere")
    assert await documents(writer, CHIEF, Role.QUALITY) == []
    clock.advance(days=4)
    assert await documents(writer, CHIEF, Role.QUALITY) == ["thing/of-the-role", "thing/his"]
    assert await documents(writer, BOSS, Role.GENERAL_MANAGER) == []
    (task, _) = await tasks(writer, CLERK, Role.ACCOUNTANT)
    noting = await writer.post(f"/tasks/{task['id']}/noting", as_=writer.identities.headers(CHIEF, Role.QUALITY))
    assert noting.json()["slug"] == "task-not-found"


async def test_a_task_of_who_has_left_is_that_of_the_nearest_superior_who_has_not(writer: ServiceUnderTest) -> None:
    await staff(writer, CLERK, CHIEF, active=False)
    await staff(writer, CHIEF, BOSS, active=False)
    await staff(writer, BOSS, None, Role.GENERAL_MANAGER)
    await staff(writer, "first", "second", active=False)
    await staff(writer, "second", "first", active=False)
    await ask(writer, document="thing/his", assignee=CLERK)
    await ask(writer, document="thing/of-a-circle", assignee="first")
    (task,) = await tasks(writer, BOSS, Role.GENERAL_MANAGER)
    assert (task["document"], task["assignee"], task["assignee_name"]) == ("thing/his", BOSS, "Boss")
    assert await documents(writer, "other", Role.ACCOUNTANT) == ["thing/of-a-circle"]
    left = await writer.get("/tasks", as_=writer.identities.headers(CHIEF, Role.GENERAL_MANAGER))
    assert (left.status_code, left.json()["slug"]) == (403, "staff-switched-off")


async def test_what_a_rep_was_to_do_who_left_is_his_superiors_or_the_sales_managers(shop: Shop) -> None:
    customer = await shop.customer("东方钢构", rep="rep1")
    await ask(shop.writer, Role.SALES_REP, customer=customer)
    assert await documents(shop.writer, "rep1", Role.SALES_REP) == ["thing/1"]
    await staff(shop.writer, "rep1", None, active=False)
    assert await documents(shop.writer, "rep2", Role.SALES_REP) == []
    assert await documents(shop.writer, CHIEF, Role.SALES_MANAGER) == ["thing/1"]
    async with shop.writer.runtime.unit_of_work() as unit:
        await unit.tx.execute(update(Person).values(superior=BOSS))
    await staff(shop.writer, BOSS, None, Role.GENERAL_MANAGER)
    assert await documents(shop.writer, CHIEF, Role.SALES_MANAGER) == []
    assert await documents(shop.writer, BOSS, Role.GENERAL_MANAGER) == ["thing/1"]


async def test_managers_count_everybodys_tasks_and_the_others_their_own(
    writer: ServiceUnderTest, clock: FixedClock
) -> None:
    await staff(writer, CLERK, CHIEF, Role.ACCOUNTANT)
    await ask(writer, assignee=CLERK, due_on=date(2026, 3, 2))
    await ask(writer, assignee=CLERK, due_on=date(2026, 3, 3))
    await ask(writer, due_on=date(2026, 3, 4))
    await ask(writer, Role.QUALITY, due_on=date(2026, 3, 4))
    clock.advance(days=1)
    his = {"role": "accountant", "person": CLERK, "name": "Clerk", "open": 2, "due_today": 1, "overdue": 1}
    nobodys = {"role": "accountant", "person": None, "name": None, "open": 1, "due_today": 0, "overdue": 0}
    for who, role, expected in (
        (CLERK, Role.ACCOUNTANT, [his, nobodys]),
        ("inspector", Role.QUALITY, [{**nobodys, "role": "quality"}]),
        (BOSS, Role.GENERAL_MANAGER, [his, nobodys, {**nobodys, "role": "quality"}]),
    ):
        answer = await writer.get("/tasks/counts", as_=writer.identities.headers(who, role))
        assert answer.json() == expected, who


async def file_paper(service: ServiceUnderTest, title: str) -> UUID:
    async with service.runtime.unit_of_work(Principal("rep", "Rep", frozenset({Role.SALES_REP}))) as unit:
        paper = await filing.file_paper(unit, FilePaper.model_validate({"title": title, "band": "small"}))
        return paper.id


async def test_a_task_says_what_it_is_about_why_it_is_there_and_what_may_be_done(shop: Shop) -> None:
    customer = await shop.customer("东方钢构", rep="rep1")
    async with shop.writer.runtime.unit_of_work() as unit:
        note = await write(unit, "dear", Decimal("1000.01"))
        await judge(unit, note.id)
    await ask(shop.writer, document=f"note/{note.id}", customer=customer, amount=note.amount)
    (task,) = await tasks(shop.writer, CLERK, Role.ACCOUNTANT)
    assert (task["customer_id"], task["customer_name"], task["amount"]) == (str(customer), "东方钢构", "1000.01")
    assert (task["failing_clause"], task["would_pass"]) == ("0-1", ["Bring it down to 1000.00"])
    assert (task["opened_at"], task["actions"]) == ("2026-03-02T01:00:00Z", [])
    await file_paper(shop.writer, "便条")
    (task,) = await tasks(shop.writer, CHIEF, Role.SALES_MANAGER)
    assert (task["number"], task["actions"], task["failing_clause"]) == ("便条", ["decide"], None)


async def test_whoever_sees_no_money_sees_neither_the_amount_nor_the_figures_in_why(writer: ServiceUnderTest) -> None:
    async with writer.runtime.unit_of_work() as unit:
        note = await write(unit, "dear", Decimal("1000.01"))
        await judge(unit, note.id)
    await ask(writer, Role.QUALITY, document=f"note/{note.id}", amount=note.amount)
    (task,) = await tasks(writer, "inspector", Role.QUALITY)
    assert (task["failing_clause"], task["amount"], task["why"], task["would_pass"]) == ("0-1", None, None, None)


@pytest.mark.parametrize("who", [Role.SALES_MANAGER, Role.FINANCE_MANAGER])
async def test_a_page_of_tasks_takes_as_many_looks_as_one_task(writer: ServiceUnderTest, who: Role) -> None:
    async def looks() -> int:
        with statements(writer) as asked:
            await tasks(writer, CHIEF, who, limit=50)
        return len(asked)

    await file_paper(writer, "first")
    await ask(writer, who)
    few = await looks()
    for number in range(12):
        await file_paper(writer, f"paper {number}")
        await ask(writer, who, document=f"thing/{number}")
    assert await looks() == few <= 10
    async with writer.runtime.unit_of_work() as unit:
        assert len((await unit.tx.scalars(TaskRow.__table__.select())).all()) == 26
