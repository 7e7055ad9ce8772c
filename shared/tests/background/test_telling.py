"""Telling people: as each robot asks, quietly, without amounts for who sees none, again until it is taken."""

import asyncio
import base64
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import func, select

from fangxing.outbox import OutboxRow
from fangxing.roles import Role
from fangxing.running.worker import work
from fangxing.tasks import close_tasks, open_task
from fangxing.telling.channels import MOST_BYTES, Channels
from fangxing.telling.sending import MOST_ATTEMPTS, tell
from fangxing.telling.store import TellingRow
from fangxing.text import Text
from fangxing_embedded.postgres import PostgresServer
from fangxing_testing.harness import FixedClock, ServiceUnderTest, service_under_test
from fangxing_testing.identity import Identities
from fangxing_testing.robots import Robot, mail_server, robot
from fangxing_testing.toy import WRITER
from fangxing_testing.toy.shop import Shop
from fangxing_testing.waiting import eventually

SECRET = "SEC0123456789"


@pytest.fixture
def told_by(postgres: PostgresServer, identities: Identities, clock: FixedClock, tmp_path: Path) -> Any:
    """The toy writer whose file of channels says what is given."""

    @asynccontextmanager
    async def begin(toml: str) -> AsyncIterator[ServiceUnderTest]:
        path = tmp_path / "telling.toml"
        path.write_text(toml, encoding="utf-8")
        async with service_under_test(WRITER, postgres, identities, system_clock=clock, telling=path) as service:
            yield service

    return begin


async def ask(
    service: ServiceUnderTest, *roles: Role, document: str = "thing/1", asked: str = "请办理", **also: Any
) -> None:
    async with service.runtime.unit_of_work() as unit:
        for role in roles:
            title = Text(asked, "Please see to it")
            await open_task(unit, kind="see", role=role, document=document, clause="1-3", title=title, **also)


async def tellings(service: ServiceUnderTest) -> list[tuple[str, int, str | None]]:
    async with service.database.reader() as reader:
        rows = await reader.execute(
            select(TellingRow.status, TellingRow.attempts, TellingRow.fault).order_by(TellingRow.id)
        )
        return [(status, attempts, fault) for status, attempts, fault in rows]


def text_of(robot: Robot) -> str:
    """What the robot was told last."""
    markdown = robot.posted[-1].body["markdown"]
    said: str = markdown.get("content") or markdown["text"]
    return said


async def test_wecom_is_told_as_its_robots_ask_and_whoever_sees_money_the_amount(told_by: Any) -> None:
    async with (
        robot() as chat,
        told_by(f'base_url = "https://fx.cn/"\n[roles.accountant]\nwecom = "{chat.url}"') as service,
    ):
        customer = await Shop(service).customer("东方*钢构*")
        also: dict[str, Any] = {"customer": customer, "amount": Decimal("1000.01"), "due_on": date(2026, 3, 5)}
        await ask(service, Role.ACCOUNTANT, Role.QUALITY, asked="审核 <@all> [这里](http://evil)", **also)
        assert await tell(service.runtime) == 1
        (posted,) = chat.posted
        assert (sorted(posted.body), posted.media_type) == (["markdown", "msgtype"], "application/json")
        assert (posted.body["msgtype"], posted.query) == ("markdown", {"access_token": "hush"})
        assert text_of(chat).split("\n") == [
            "**会计：1 条新待办**",
            "[审核 ＜@all＞ ［这里］（http://evil）](https://fx.cn/thing/1)",
            "> 客户 东方＊钢构＊ · 1000.01 元 · 请于 2026-03-05 前办理",
        ]
        assert await tellings(service) == [("sent", 1, None)]
        assert await tell(service.runtime) == 0


async def test_dingtalk_is_told_with_its_signature_and_in_english_on_request(told_by: Any, clock: FixedClock) -> None:
    toml = 'language = "en"\n[roles.quality]\ndingtalk = "{}"\ndingtalk_secret = "{}"'
    async with robot() as chat, told_by(toml.format(chat.url, SECRET)) as service:
        await ask(service, Role.QUALITY, amount=Decimal("1000.01"), due_on=date(2026, 3, 5))
        await tell(service.runtime)
        (posted,) = chat.posted
        timestamp = str(int(clock.now().timestamp() * 1000))
        sign = base64.b64encode(hmac.digest(SECRET.encode(), f"{timestamp}\n{SECRET}".encode(), "sha256")).decode()
        assert posted.query == {"access_token": "hush", "timestamp": timestamp, "sign": sign}
        assert posted.body["markdown"]["title"] == "quality: 1 new tasks"
        assert text_of(chat).endswith("Please see to it\n\n> due on 2026-03-05")


async def test_mail_reaches_its_server(told_by: Any, clock: FixedClock) -> None:
    to = '[roles.quality]\nmail = ["a@x.cn", "b@x.cn"]\n'
    smtp = '[smtp]\nhost = "127.0.0.1"\nport = {}\nsecurity = "none"\nsender = "f@x.cn"'
    async with mail_server() as mails, told_by(to + smtp.format(mails.port)) as service:
        mails.refuses = True
        await ask(service, Role.QUALITY)
        assert await tell(service.runtime) == 0
        ((status, _, fault),) = await tellings(service)
        assert (status, fault) == ("waiting", "SMTPRecipientsRefused")
        mails.refuses = False
        clock.advance(minutes=1)
        assert await tell(service.runtime) == 1
        (mail,) = mails.mails
        assert (mail["Subject"], mail["To"]) == ("品质部：1 条新待办", "a@x.cn, b@x.cn")
        assert "请办理" in mail.get_content()


async def test_many_tasks_are_one_message_and_what_is_done_meanwhile_is_not_told(told_by: Any) -> None:
    async with robot() as chat, told_by(f'[roles.quality]\nwecom = "{chat.url}"') as service:
        for number in range(40):
            await ask(service, Role.QUALITY, document=f"thing/{number}", asked="检验" * 60)
        async with service.runtime.unit_of_work() as unit:
            await close_tasks(unit, "thing/7")
        assert await tell(service.runtime) == 39
        assert len(chat.posted) == 1
        assert "39 条新待办" in text_of(chat)
        assert "另有" in text_of(chat)
        assert len(text_of(chat).encode()) <= MOST_BYTES
        assert sorted({status for status, _, _ in await tellings(service)}) == ["dropped", "sent"]


async def test_what_a_robot_refuses_is_told_again_later_and_given_up_with_a_task(
    told_by: Any, clock: FixedClock
) -> None:
    async with robot() as chat, told_by(f'[roles.quality]\nwecom = "{chat.url}"') as service:
        chat.errcode = 45009
        await ask(service, Role.QUALITY)
        await tell(service.runtime)
        await tell(service.runtime)
        assert (len(chat.posted), await tellings(service)) == (1, [("waiting", 1, "HTTP 200, errcode 45009")])
        for _ in range(MOST_ATTEMPTS):
            clock.advance(hours=1)
            await tell(service.runtime)
        assert (len(chat.posted), (await tellings(service))[0][0]) == (MOST_ATTEMPTS, "dead")
        administrator = service.identities.headers("it", Role.ADMINISTRATOR)
        (task,) = (await service.get("/tasks", as_=administrator)).json()["items"]
        assert (task["kind"], task["document"]) == ("telling_failed", "telling/quality/wecom")
        chat.errcode = 0
        await ask(service, Role.QUALITY)
        assert await tell(service.runtime) == 1


async def test_a_robot_that_does_not_answer_holds_up_neither_events_nor_other_robots(told_by: Any) -> None:
    async with robot() as chat, robot() as away:
        away.answers.clear()
        toml = f'[roles.quality]\nwecom = "{away.url}"\n[roles.accountant]\nwecom = "{chat.url}"'
        async with told_by(toml) as service:
            await ask(service, Role.QUALITY, Role.ACCOUNTANT)
            async with at_work(service):
                manager = service.identities.headers("li", Role.SALES_MANAGER)
                await service.post("/notes", {"text": "n", "amount": "1.00"}, as_=manager)
                await eventually(partial(is_told, away, chat))
                await eventually(partial(is_published, service))
                away.answers.set()


async def test_a_leader_that_dies_before_it_has_noted_what_it_told_leaves_it_to_be_told_again(told_by: Any) -> None:
    async with robot() as chat, told_by(f'[roles.quality]\nwecom = "{chat.url}"') as service:
        await ask(service, Role.QUALITY)
        chat.answers.clear()
        dying = asyncio.create_task(tell(service.runtime))
        await eventually(partial(is_told, chat))
        dying.cancel()
        with suppress(asyncio.CancelledError):
            await dying
        chat.answers.set()
        assert await tell(service.runtime) == 1
        assert (len(chat.posted), await tellings(service)) == (2, [("sent", 1, None)])


@asynccontextmanager
async def at_work(service: ServiceUnderTest) -> AsyncIterator[None]:
    """Run the worker for the length of the block."""
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(work(service.runtime, stop))
        try:
            yield
        finally:
            stop.set()


async def is_told(*robots: Robot) -> bool:
    return all(robot.posted for robot in robots)


async def is_published(service: ServiceUnderTest) -> bool:
    async with service.database.reader() as reader:
        waiting = select(func.count()).select_from(OutboxRow).where(OutboxRow.published_at.is_(None))
        return await reader.scalar(waiting) == 0


async def test_without_a_file_nothing_is_written_and_nobody_told(writer: ServiceUnderTest) -> None:
    await ask(writer, Role.QUALITY)
    assert await tellings(writer) == []
    assert await tell(writer.runtime) == 0


@pytest.mark.parametrize(
    "toml",
    [
        '[roles.quality]\nwecom = "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=hush"',
        '[roles.nobody]\nwecom = "https://x.cn/?key=hush"',
        '[roles.quality]\nmail = ["a@x.cn"]',
        '[roles.quality]\nmail = ["hush a@x.cn"]',
        'wecom = "https://x.cn/?key=hush"',
    ],
)
def test_a_file_that_says_something_wrong_is_refused_without_showing_its_secrets(toml: str, tmp_path: Path) -> None:
    path = tmp_path / "telling.toml"
    path.write_text(toml, encoding="utf-8")
    with pytest.raises(ValidationError) as refused:
        Channels.read(path)
    assert "hush" not in str(refused.value)
