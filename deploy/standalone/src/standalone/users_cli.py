"""`fangxing init` and `fangxing users`: real data with a first administrator, and who else may sign in."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from pydantic import Field, TypeAdapter, ValidationError
from rich.table import Table
from sqlalchemy.exc import DBAPIError

from fangxing.errors import DomainError
from fangxing.roles import ROLE_NAMES, Role
from fangxing.running import logs
from fangxing.text import Line, Text
from fangxing_embedded.wheel import EmbeddedPostgresError
from standalone.kind import MixedDataError
from standalone.login import HalfAProviderError
from standalone.managing import begin_real, users_of
from standalone.ownership import DataInUseError
from standalone.summary import Terminal
from standalone.users import Users

T = TypeVar("T")
USERNAME = r"[a-z0-9][a-z0-9._-]{0,39}"
_NAME: TypeAdapter[str] = TypeAdapter(Annotated[Line, Field(max_length=80)])

users_command = typer.Typer(
    help="登录用户：增加、列出、停用、密码 · who may sign in: add, list, switch off, passwords", no_args_is_help=True
)

Data = Annotated[Path, typer.Option(help="数据目录 · directory of the data")]
Roles = Annotated[
    list[Role], typer.Option("--role", help="岗位，可重复 · role of the authority matrix; may be given more than once")
]


def _username(value: str) -> str:
    if not re.fullmatch(USERNAME, value):
        raise typer.BadParameter("小写字母、数字和 . _ - · lower case letters, digits and . _ -")
    return value


def _name(value: str) -> str:
    try:
        return _NAME.validate_python(value)
    except ValidationError:
        raise typer.BadParameter("一行文字，1 到 80 个字 · one line of text, 1 to 80 characters") from None


Username = Annotated[str, typer.Argument(callback=_username, help="用户名 · username")]


def init(
    data: Data = Path("data"),
    administrator: Annotated[
        str, typer.Option(callback=_username, help="首位管理员的用户名 · username of the first administrator")
    ] = "admin",
) -> None:
    """建立真实数据和首位管理员 · Begin real data, with a first administrator."""
    terminal = Terminal()
    password = _done(terminal, lambda: begin_real(data, administrator))
    terminal.say(Text(f"真实数据已建在 {data}", f"Real data begun in {data}"))
    if password is None:
        terminal.say(Text("用工厂自己的登录系统登录", "Sign in with the factory's own provider"))
        return
    _tell_password(terminal, administrator, password)
    terminal.say(
        Text(
            "下一步：make run，再用 fangxing users add 增加各岗位的用户",
            "Next: make run, and fangxing users add for the people of every role",
        )
    )


@users_command.command()
def add(
    username: Username,
    name: Annotated[str, typer.Option(callback=_name, help="姓名 · name")],
    roles: Roles,
    data: Data = Path("data"),
) -> None:
    """增加用户，打印一次性密码 · Add a user; a one-time password is printed."""
    terminal = Terminal()
    password = _done(terminal, lambda: _with(data, lambda users: users.add(username, name, roles)))
    _tell_password(terminal, username, password)


@users_command.command("list")
def list_users(data: Data = Path("data")) -> None:
    """列出用户 · Everybody who has a name here."""
    terminal = Terminal()
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for user in _done(terminal, lambda: _with(data, Users.all)):
        state = "可登录 on" if user.active else "已停用 off"
        one_time = "一次性密码 one-time password" if user.one_time else ""
        roles = ", ".join(" ".join(ROLE_NAMES[Role(role)]) for role in user.roles)
        table.add_row(user.username, user.name, roles, state, one_time)
    terminal.console.print(table)


@users_command.command()
def off(username: Username, data: Data = Path("data")) -> None:
    """停用用户 · Switch a user off: no further sign-in."""
    terminal = Terminal()
    _done(terminal, lambda: _with(data, lambda users: users.switch(username, active=False)))
    terminal.say(
        Text(
            f"{username} 已停用；已发出的令牌最长 12 小时后失效",
            f"{username} is switched off; a token he has got is good for up to 12 hours",
        )
    )


@users_command.command()
def on(username: Username, data: Data = Path("data")) -> None:
    """恢复用户 · Let a user sign in again."""
    _done(Terminal(), lambda: _with(data, lambda users: users.switch(username, active=True)))


@users_command.command("roles")
def set_roles(username: Username, roles: Roles, data: Data = Path("data")) -> None:
    """更改岗位 · Give a user these roles and no others, from his next sign-in on."""
    _done(Terminal(), lambda: _with(data, lambda users: users.set_roles(username, roles)))


@users_command.command("password")
def give_password(username: Username, data: Data = Path("data")) -> None:
    """换成新的一次性密码 · A new one-time password in place of the old password."""
    terminal = Terminal()
    password = _done(terminal, lambda: _with(data, lambda users: users.give_password(username)))
    _tell_password(terminal, username, password)


async def _with(data: Path, action: Callable[[Users], Awaitable[T]]) -> T:
    async with users_of(data) as users:
        return await action(users)


def _done(terminal: Terminal, action: Callable[[], Awaitable[T]]) -> T:
    """What `action` gives; what can go wrong is said in a sentence and becomes the exit code."""

    async def awaited() -> T:
        return await action()

    logs.configure("WARNING")
    try:
        return asyncio.run(awaited())
    except DomainError as error:
        terminal.failure(Text(error.say("zh-CN"), error.say("en")))
    except (DataInUseError, MixedDataError, HalfAProviderError) as error:
        terminal.failure(error.said)
    except (EmbeddedPostgresError, DBAPIError, OSError) as error:
        terminal.failure(Text(f"无法继续：{error}", "cannot go on"))
    raise typer.Exit(1)


def _tell_password(terminal: Terminal, username: str, password: str) -> None:
    terminal.say(
        Text(
            f"{username} 的一次性密码（只显示这一次，首次登录时须更改）：",
            f"One-time password of {username}, shown this once; to be changed at the first sign-in:",
        )
    )
    terminal.console.print(password, markup=False)
