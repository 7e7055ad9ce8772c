"""What is said on the terminal: progress while starting, then addresses, demo users and what to try."""

import shlex
from contextlib import suppress

import orjson
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from fangxing.roles import ROLE_NAMES
from fangxing.text import Text
from standalone.identity import DEMO_PASSWORD, demo_users
from standalone.login import SignInBy
from standalone.services import SERVICES, Addresses

_JSON = "-H 'Content-Type: application/json'"
_SIGNED_IN = '-H "Authorization: Bearer $TOKEN"'
DEMO_WARNING = Text(
    "这是演示数据：下列用户的密码是公开的，业务时间可以拨动。不要用于真实业务；真实数据请用 make init 建在另一目录。",
    "These are DEMO DATA: the users below have a public password, and business time may be moved. "
    "Not for real business; make real data in another directory: make init.",
)
_NEW_KEY = '-H "Idempotency-Key: $(date +%s%N)"'


class Terminal:
    """A place to say things in both languages."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False)

    def progress(self, text: Text) -> None:
        """One line while something is under way."""
        # where even this cannot be written, as on a full disk, what is under way goes on
        with suppress(OSError):
            self.console.print(f"· {text.zh} · {text.en}", style="dim", markup=False, soft_wrap=True)

    def serving(self, addresses: Addresses, sign_in: SignInBy) -> None:
        """Everything answers: where, on what sort of data, and for whom."""
        places = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
        places.add_row("主页 page", addresses.base)
        for name, service in SERVICES.items():
            places.add_row(service.name, addresses.services[name])
        if sign_in is not SignInBy.PROVIDER:
            places.add_row("登录 sign-in", addresses.identity)
        for name, address in addresses.metrics.items():
            places.add_row(f"指标 metrics: {name}", address)
        self.console.print("\n[bold]放行 fangxing[/bold]")
        self.console.print(places)
        if sign_in is SignInBy.DEMO:
            self._demo(addresses)
        else:
            self.say(real_data(addresses, sign_in))
        self.console.print("\nCtrl-C 停止 · stops\n")

    def say(self, text: Text) -> None:
        """Something to read before going on."""
        self.console.print(f"\n[bold]{escape(text.zh)}\n{escape(text.en)}[/bold]", soft_wrap=True)

    def _demo(self, addresses: Addresses) -> None:
        self.console.print(f"\n[bold yellow]{DEMO_WARNING.zh}\n{DEMO_WARNING.en}[/bold yellow]", soft_wrap=True)
        people = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
        for user in demo_users().values():
            roles = ", ".join(" ".join(ROLE_NAMES[role]) for role in user.roles)
            people.add_row(f"[bold]{user.username}[/bold]", user.name, roles)
        self.console.print(f"\n演示用户，密码都是 · demo users, everybody's password: [bold]{DEMO_PASSWORD}[/bold]")
        self.console.print(people)
        self.console.print("\n试一试 · what to try")
        for line in try_these(addresses):
            self.console.print(line, markup=False, soft_wrap=True)

    def failure(self, text: Text, details: str = "") -> None:
        """Why it does not go on; `details` are what a log says."""
        errors = Console(stderr=True, highlight=False, markup=False)
        with suppress(OSError):
            errors.print(f"{text.zh}\n{text.en}", style="bold red", soft_wrap=True)
            errors.print(details, soft_wrap=True)


def real_data(addresses: Addresses, sign_in: SignInBy) -> Text:
    """What it means that the data are real: who signs in, and what there is not."""
    if sign_in is SignInBy.PROVIDER:
        return Text(
            "真实数据：没有演示用户，业务时间不能拨动。用工厂自己的登录系统登录。",
            "REAL DATA: no demo users, and business time stands. Sign in with the factory's own provider.",
        )
    return Text(
        "真实数据：没有演示用户，业务时间不能拨动。增减用户：fangxing users --help；"
        f"自己的密码：POST {addresses.identity}/password",
        "REAL DATA: no demo users, and business time stands. Add and remove users: fangxing users --help; "
        f"one's own password: POST {addresses.identity}/password",
    )


def try_these(addresses: Addresses) -> list[str]:
    """Commands for a POSIX shell with curl that work as they stand, one after the other."""
    customers = f"{addresses.services['customer']}/customers"
    sign_in = orjson.dumps({"username": "rep1", "password": DEMO_PASSWORD}).decode()
    customer = orjson.dumps(
        {
            "number": "TRY-NUMBER",
            "name": "嘉兴织造厂",
            "address": "浙江嘉兴",
            "contact": "沈先生",
            "terms": {"kind": "credit", "days": 30},
        }
    ).decode()
    return [
        f"TOKEN=$(curl -s {addresses.identity}/token {_JSON} -d {shlex.quote(sign_in)} | cut -d'\"' -f4)",
        f"curl -s {customers} {_SIGNED_IN} {_JSON} {_NEW_KEY} -d {_numbered(customer)}",
        f"curl -s {customers} {_SIGNED_IN}",
        f"curl -s {addresses.services['customer']}/policies {_SIGNED_IN} -H 'Accept-Language: en'",
    ]


def _numbered(body: str) -> str:
    """`body` quoted for the shell, with a number of its own each time the command is used."""
    return shlex.quote(body).replace("TRY-NUMBER", "TRY-'$(date +%s)'")
