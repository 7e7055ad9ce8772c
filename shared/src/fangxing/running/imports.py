"""Imports on the command line: `<service> import template NAME FILE`, `check`, `upload`, `list`, `submit`, `withdraw`.

The command line knows no persons, so it sends and submits; where an import takes a second person, he has signed in.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeVar
from uuid import UUID

import typer
from sqlalchemy import select

from fangxing.auth import Principal
from fangxing.database import reading
from fangxing.errors import DomainError
from fangxing.imports import filing
from fangxing.imports.checking import Fault, check_workbook
from fangxing.imports.declaring import Import
from fangxing.imports.looking_up import look_up
from fangxing.imports.rules import FINAL
from fangxing.imports.store import ImportJob, faults_of
from fangxing.imports.writing import annotated, template
from fangxing.running.service import Runtime, Service, running
from fangxing.text import Language
from fangxing.work import Work

ACTOR = Principal("cli", "命令行 command line", frozenset())
"""Who sends a workbook from the command line."""
_SHOWN = 20
T = TypeVar("T")
Name = Annotated[str, typer.Argument(help="the import, as it stands in its address")]
English = Annotated[bool, typer.Option("--english", help="in English instead of Chinese")]
Sent = Annotated[Path, typer.Argument(exists=True, dir_okay=False)]


def imports_command(service: Service) -> typer.Typer:
    """The commands for the imports of `service`."""
    app = typer.Typer(help="Imports: workbooks whose rows are stored, all of them or none.", no_args_is_help=True)
    _add_what_reads(app, service)
    _add_what_changes(app, service)
    return app


def _add_what_reads(app: typer.Typer, service: Service) -> None:
    @app.command("template")
    def write_template(name: Name, file: Path, english: English = False) -> None:
        """Write the workbook to fill in to FILE."""
        file.write_bytes(template(_declared(service, name), _language(english)))

    @app.command()
    def check(
        name: Name,
        file: Sent,
        marked: Annotated[Path | None, typer.Option(help="where the workbook goes with its errors marked")] = None,
        english: English = False,
    ) -> None:
        """List every error of FILE, and store nothing. Ends with 1 where there is one."""
        declared, content, language = _declared(service, name), file.read_bytes(), _language(english)
        faults = _guarded(_faults(service, declared, content))
        _show(faults, language)
        if marked is not None:
            marked.write_bytes(annotated(content, declared.most_rows, faults, language))
        raise typer.Exit(1 if faults else 0)

    @app.command("list")
    def list_imports(english: English = False) -> None:
        """The imports that somebody has still to do something about, with the first errors of each."""
        for job, faults in asyncio.run(_under_way(service)):
            typer.echo(_line(job))
            _show(faults, _language(english))


def _add_what_changes(app: typer.Typer, service: Service) -> None:
    @app.command()
    def upload(name: Name, file: Sent) -> None:
        """Send FILE, for the worker to check; the same file again is the same import."""
        declared, content = _declared(service, name), file.read_bytes()

        async def send(work: Work, runtime: Runtime) -> ImportJob:
            return await filing.upload(work, runtime.files, declared, file.name, content)

        _do(service, send)

    @app.command()
    def submit(name: Name, import_id: UUID) -> None:
        """Have the rows of a checked import stored, once the second person confirms it over HTTP where it takes one."""
        declared = _declared(service, name)
        _do(service, lambda work, _: filing.submit(work, declared, import_id))

    @app.command()
    def check_again(name: Name, import_id: UUID) -> None:
        """Have a file checked again, where what was wrong was in the system and not in the file."""
        declared = _declared(service, name)
        _do(service, lambda work, _: filing.check_again(work, declared, import_id))

    @app.command()
    def withdraw(name: Name, import_id: UUID) -> None:
        """Take an import back that was sent from the command line."""
        declared = _declared(service, name)
        _do(service, lambda work, _: filing.withdraw(work, declared, import_id))


def _declared(service: Service, name: str) -> Import:
    found = next((one for one in service.imports if one.name == name), None)
    if found is None:
        known = ", ".join(one.name for one in service.imports) or "none"
        raise typer.BadParameter(f"{service.name} imports: {known}")
    return found


def _language(english: bool) -> Language:
    return "en" if english else "zh-CN"


def _guarded(asked: Coroutine[Any, Any, T]) -> T:
    """What `asked` answers; ends with 1 and says why where it refuses."""
    try:
        return asyncio.run(asked)
    except DomainError as error:
        typer.echo(error.say("en"), err=True)
        raise typer.Exit(1) from None


def _do(service: Service, action: Callable[[Work, Runtime], Awaitable[ImportJob]]) -> None:
    async def act() -> str:
        async with running(service, service.settings()) as runtime, runtime.unit_of_work(ACTOR) as work:
            return _line(await action(work, runtime))

    typer.echo(_guarded(act()))


async def _faults(service: Service, declared: Import, content: bytes) -> list[Fault]:
    checked = check_workbook(declared, content)
    async with running(service, service.settings()) as runtime, runtime.unit_of_work(ACTOR) as work:
        await look_up(work, declared, checked)
    return checked.in_order()


async def _under_way(service: Service) -> list[tuple[ImportJob, list[Fault]]]:
    waiting = select(ImportJob).where(ImportJob.status.not_in(FINAL)).order_by(ImportJob.id)
    async with (
        running(service, service.settings()) as runtime,
        runtime.database.reader() as reader,
        reading(reader) as session,
    ):
        jobs = list(await session.scalars(waiting))
        return [(job, (await faults_of(reader, job.id))[:_SHOWN]) for job in jobs]


def _line(job: ImportJob) -> str:
    why = f"  {job.failure_en}" if job.failure_en else ""
    return f"{job.id}  {job.kind}  {job.status}  {job.faults} errors  {job.file}{why}"


def _show(faults: list[Fault], language: Language) -> None:
    for fault in faults:
        place = f"{fault.sheet}!{fault.column or ''}{fault.row or ''}"
        heading = f"{fault.heading.say(language)}: " if fault.heading else ""
        typer.echo(f"    {place}  {heading}{fault.text.say(language)}  {fault.value}".rstrip())
