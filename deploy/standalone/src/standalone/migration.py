"""`make migration`: the next revision of a service's tables, or of the machinery's, as `make check` wants it.

It is drafted on a PostgreSQL of its own, so that no database is needed and none is touched.
"""

import asyncio
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from fangxing.database.drafting import draft
from fangxing.database.migrations import MACHINERY, Branch, branches
from fangxing_embedded.postgres import EmbeddedPostgres
from standalone.files import ROOT, need_source_tree
from standalone.services import SERVICES

BRANCHES: dict[str, list[Branch]] = {
    "machinery": [MACHINERY],
    **{service.name: branches(service.migrations, service.metadata) for service in SERVICES.values()},
}
"""By name, the branches a schema is made of; the last is the one revisions are written for."""


async def write_revision(url: str, stack: Sequence[Branch], name: str) -> Path | None:
    """Draft the revision `name` (words joined by hyphens) of the last branch of `stack`, and format it.

    `url` is an empty database. Returns the file, or None where the models say what the schema is already.
    """
    written = await draft(url, stack, name.replace("-", " ").capitalize())
    if written is not None:
        _ruff("check", "--select", "I,F401", "--fix", str(written))
        _ruff("format", str(written))
    return written


def _ruff(command: str, *arguments: str) -> None:
    configured = ("--quiet", "--config", str(ROOT / "pyproject.toml"))
    subprocess.run([sys.executable, "-m", "ruff", command, *configured, *arguments], check=True)


async def _next(stack: Sequence[Branch], name: str, directory: Path) -> Path | None:
    server = await asyncio.to_thread(EmbeddedPostgres.start, directory / "postgres", durable=False)
    try:
        return await write_revision(server.url("postgres"), stack, name)
    finally:
        await asyncio.to_thread(server.stop)


async def _first(stack: Sequence[Branch], name: str, directory: Path) -> Path | None:
    """The first revision written anew, as long as there is no other."""
    *below, branch = stack
    (old,) = branch.versions.glob("*.py")
    empty = replace(branch, folder=directory)
    empty.versions.mkdir()
    written = await _next([*below, empty], name, directory)
    if written is None:
        return None
    old.unlink()
    return Path(shutil.move(written, branch.versions))


def main(
    service: Annotated[str, typer.Argument(help=f"one of {', '.join(BRANCHES)}")],
    name: Annotated[str, typer.Argument(help="what it does, as in add-carriers")],
    first: Annotated[bool, typer.Option(help="write the first revision anew, while it is the only one")] = False,
) -> None:
    """Write the revision that brings the schema to what the models say."""
    need_source_tree()
    if service not in BRANCHES:
        raise typer.BadParameter(f"SERVICE is one of {', '.join(BRANCHES)}")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        raise typer.BadParameter("NAME is words joined by hyphens, as in add-carriers")
    with tempfile.TemporaryDirectory() as directory:
        written = asyncio.run((_first if first else _next)(BRANCHES[service], name, Path(directory)))
    typer.echo(
        f"wrote {written.relative_to(ROOT)}" if written else "nothing to write: the models say what the schema is"
    )


if __name__ == "__main__":
    typer.run(main)
