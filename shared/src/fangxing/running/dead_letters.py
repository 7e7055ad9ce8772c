"""Dead letters on the command line: `<service> dead-letters list`, `retry ID`, `discard ID --because WHY`.

The command line knows no persons, so it proposes; who confirms has signed in.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

import typer
from sqlalchemy import select

from fangxing import settling
from fangxing.auth import Principal
from fangxing.bus import letters
from fangxing.bus.letters import DeadLetter, Remedy
from fangxing.database import reading
from fangxing.errors import DomainError
from fangxing.running.service import Service, running
from fangxing.work import Work

ACTOR = Principal("cli", "命令行 command line", frozenset())
"""Who settles a letter from the command line."""


def letters_command(service: Service) -> typer.Typer:
    """The commands for the dead letters of `service`."""
    app = typer.Typer(help="Dead letters: messages that could not take effect.", no_args_is_help=True)

    @app.command("list")
    def list_letters() -> None:
        """The letters that wait for somebody, oldest first."""
        for letter in asyncio.run(_waiting(service)):
            document = f"{letter.document} {letter.version or ''}".strip() if letter.document else "-"
            typer.echo(f"{letter.id}  {letter.status}  {letter.topic}  {letter.type or '-'}  {document}")
            if letter.proposal:
                typer.echo(f"    {letter.proposal} proposed by {letter.proposed_by}: {letter.proposed_because}")
            typer.echo(f"    {letter.received_at:%Y-%m-%d %H:%M:%S %Z}, attempts {letter.attempts}: {letter.reason}")

    @app.command()
    def retry(letter_id: UUID) -> None:
        """Try a letter again; what was parked behind it follows. Ends with 1 where it fails again."""

        async def again(work: Work, letter: DeadLetter) -> bool:
            return await settling.retry(work, service.consumers, letter)

        _settle(service, letter_id, again)

    @app.command()
    def discard(letter_id: UUID, because: Annotated[str, typer.Option(help="Why nobody will miss it.")]) -> None:
        """Propose to give a letter up; the general manager or an administrator confirms it over HTTP."""

        async def give_up(work: Work, letter: DeadLetter) -> bool:
            await settling.propose(work, letter, Remedy.DISCARD, because)
            return True

        _settle(service, letter_id, give_up)

    return app


def _settle(service: Service, letter_id: UUID, action: Callable[[Work, DeadLetter], Awaitable[bool]]) -> None:
    async def settle() -> tuple[bool, str]:
        async with running(service, service.settings()) as runtime, runtime.unit_of_work(ACTOR) as work:
            letter = await letters.waiting(work, letter_id)
            done = await action(work, letter)
            return done, f"{letter.status}: {letter.reason}"

    try:
        done, said = asyncio.run(settle())
    except DomainError as error:
        typer.echo(error.say("en"), err=True)
        raise typer.Exit(1) from None
    typer.echo(said)
    raise typer.Exit(0 if done else 1)


async def _waiting(service: Service) -> list[DeadLetter]:
    waiting = select(DeadLetter).where(DeadLetter.status.in_(letters.WAITING)).order_by(DeadLetter.id)
    async with (
        running(service, service.settings()) as runtime,
        runtime.database.reader() as reader,
        reading(reader) as session,
    ):
        return list(await session.scalars(waiting))
