"""What is said on the terminal: progress while starting, then addresses, demo users and what to try."""

import shlex
from contextlib import suppress

import orjson
from rich.console import Console
from rich.table import Table

from fangxing.roles import ROLE_NAMES
from fangxing.text import Text
from standalone.identity import DEMO_PASSWORD, demo_users
from standalone.services import SERVICES, Addresses

_JSON = "-H 'Content-Type: application/json'"
_SIGNED_IN = '-H "Authorization: Bearer $TOKEN"'
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

    def serving(self, addresses: Addresses, *, demo: bool) -> None:
        """Everything answers: where, for whom, and what to try."""
        places = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
        places.add_row("主页 page", addresses.base)
        for name, service in SERVICES.items():
            places.add_row(service.name, addresses.services[name])
        places.add_row("登录 sign-in (demo)", addresses.identity)
        for name, address in addresses.metrics.items():
            places.add_row(f"指标 metrics: {name}", address)
        people = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
        for user in demo_users().values():
            roles = ", ".join(" ".join(ROLE_NAMES[role]) for role in user.roles)
            people.add_row(f"[bold]{user.username}[/bold]", user.name, roles)
        self.console.print("\n[bold]放行 fangxing[/bold]")
        self.console.print(places)
        if demo:
            self.console.print("[yellow]演示数据：业务时间可以拨动 · demo data: business time may be moved[/yellow]")
        self.console.print(f"\n演示用户，密码都是 · demo users, everybody's password: [bold]{DEMO_PASSWORD}[/bold]")
        self.console.print(people)
        self.console.print("\n试一试 · what to try")
        for line in try_these(addresses):
            self.console.print(line, markup=False, soft_wrap=True)
        self.console.print("\nCtrl-C 停止 · stops\n")

    def failure(self, text: Text, details: str = "") -> None:
        """Why it does not go on; `details` are what a log says."""
        errors = Console(stderr=True, highlight=False, markup=False)
        with suppress(OSError):
            errors.print(f"{text.zh}\n{text.en}", style="bold red", soft_wrap=True)
            errors.print(details, soft_wrap=True)


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
