"""`fangxing demo`: the story over HTTP against a standalone of its own, told on the terminal."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel

from fangxing.text import Text
from standalone.client import Client, demo_sign_in
from standalone.ownership import OWNER_LOCK, owned, refuse_if_in_use
from standalone.run import standalone
from standalone.serving import listen
from standalone.story import play
from standalone.summary import Terminal

# It says whose leavings these are; who owns them now is said by the owner's lock.
_MARK = "fangxing-demo.lock"


class NotADemoDirectoryError(RuntimeError):
    """The directory holds something, and not the data of an earlier demo: it is not ours to empty."""


class TerminalNarrator:
    """Tells the story in Chinese and English."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def chapter(self, letter: str, title: Text) -> None:
        """See Narrator."""
        self._console.rule(f"[bold]{letter} {title.zh}[/bold] {title.en}")

    def step(self, who: str, text: Text) -> None:
        """See Narrator."""
        told = f"[cyan]{who:>12}[/cyan]  {escape(text.zh)} [dim]· {escape(text.en)}[/dim]"
        self._console.print(told, soft_wrap=True)

    def verdict(self, zh: Mapping[str, Any], en: Mapping[str, Any] | None = None) -> None:
        """See Narrator."""
        colour = "green" if zh["allowed"] else "red"
        lines = [f"[{colour}]{'允许 allowed' if zh['allowed'] else '不允许 not allowed'}[/{colour}] → {zh['outcome']}"]
        for told in (zh, en):
            if told is not None:
                lines += [escape(f"{reason['clause']}: {reason['text']}") for reason in told["reasons"]]
                lines += [f"[yellow]→ {escape(remedy)}[/yellow]" for remedy in told["would_pass"]]
        figures = ", ".join(f"{one['label']} {one['value']}" for one in zh["inputs"] if one["value"] is not None)
        lines.append(f"[dim]{escape(figures)}[/dim]")
        self._console.print(Panel("\n".join(lines), title="裁决 verdict", title_align="left", border_style=colour))

    def exposure(self, customer: Mapping[str, Any], shipping: Mapping[str, Any]) -> None:
        """See Narrator."""
        self._console.print(
            f"{'':>12}  [bold]欠款额度 exposure[/bold]  customer-svc [bold green]{customer['exposure']}[/bold green]"
            f"  =  shipping-svc [bold green]{shipping['exposure']}[/bold green]"
        )


async def demonstrate(data: Path, terminal: Terminal) -> None:
    """Play the story on fresh demo data in `data`, which is emptied first.

    Raises `NotADemoDirectoryError`, `DataInUseError`, and what `play` raises when something is not as the story says.
    """
    with _fresh(data):
        async with (
            standalone(data, listen(0), demo=True, progress=terminal.progress) as here,
            Client(here.addresses.services, demo_sign_in(here.addresses.identity)) as client,
        ):
            await play(client, TerminalNarrator(terminal.console))
        terminal.console.print("\n[bold green]全部一致，分毫不差 · everything agrees, to the cent[/bold green]")


@contextmanager
def _fresh(data: Path) -> Iterator[None]:
    """An empty directory for this demo alone; only the leavings of an earlier demo are removed from it."""
    if _holds_something_else(data):
        refuse_if_in_use(data)
        raise NotADemoDirectoryError(str(data))
    with owned(data):
        (data / _MARK).touch()
        for entry in data.iterdir():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            elif entry.name not in (_MARK, OWNER_LOCK):
                entry.unlink()
        yield


def _holds_something_else(data: Path) -> bool:
    names = {entry.name for entry in data.iterdir()} if data.exists() else set()
    return _MARK not in names and not names <= {OWNER_LOCK}
