"""The wheels are enough: without the source tree a service migrates a fresh database and answers."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZipFile

import httpx
import pytest
from processes import until

import shipping_svc.main
from fangxing_embedded.kafka import free_port
from fangxing_embedded.postgres import PostgresServer
from fangxing_testing.harness import settings_for
from fangxing_testing.identity import Identities
from standalone.files import ROOT

THIRD_PARTY = Path(sysconfig.get_path("purelib"))
SERVICE = shipping_svc.main.SERVICE

# Imports what it is told to, and says where everything came from that is imported then.
IMPORT = """
import importlib, json, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
print(json.dumps({name: file for name, module in sys.modules.items() if (file := getattr(module, "__file__", None))}))
"""


@pytest.mark.timeout(120)
async def test_a_service_starts_from_the_wheels_alone(
    tmp_path: Path, postgres: PostgresServer, fresh_database: str
) -> None:
    wheels = _build(tmp_path / "wheels")
    files = {name for wheel in wheels for name in _files_in(wheel)}
    assert files == _source_files()

    installed = tmp_path / "installed"
    _install(wheels, installed)
    imported = json.loads(_run(installed / "bin" / "python", "-c", IMPORT, *_modules(files)))
    ours = {name for name in imported if name.partition(".")[0] in {file.partition("/")[0] for file in files}}
    assert ours >= set(_modules(files))
    assert [imported[name] for name in ours if not Path(imported[name]).is_relative_to(installed)] == []
    source = {name for name, file in imported.items() if Path(file).is_relative_to(ROOT)}
    assert [imported[name] for name in source if not Path(imported[name]).is_relative_to(THIRD_PARTY)] == []

    settings = settings_for(SERVICE, postgres, fresh_database, Identities(tmp_path)).environment()
    command = installed / "bin" / SERVICE.name
    _run(command, "migrate", environment=settings)
    port = free_port()
    with _running(command, "api", "--port", str(port), environment=settings) as process:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:

            async def answers() -> bool:
                assert process.poll() is None
                try:
                    return (await client.get("/health/live")).status_code == 200
                except httpx.TransportError:
                    return False

            await until(answers, "the service answers", seconds=30)
            assert (await client.get("/health/ready")).json()["status"] == "pass"


def _build(target: Path) -> list[Path]:
    """The wheels of all members of the workspace."""
    _run(_uv(), "build", "--quiet", "--all-packages", "--wheel", "--out-dir", target, cwd=ROOT)
    return sorted(target.glob("*.whl"))


def _install(wheels: list[Path], target: Path) -> None:
    """An environment with `wheels`, and with what is not ours as it is installed here."""
    _run(_uv(), "venv", "--quiet", "--python", sys.executable, target)
    _run(_uv(), "pip", "install", "--quiet", "--offline", "--no-deps", "--python", target, *wheels)
    (site,) = target.glob("lib/python*/site-packages")
    # the folder alone: what it points to further, as our own source tree, does not count for a folder named this way
    (site / "third_party.pth").write_text(f"{THIRD_PARTY}\n")


def _files_in(wheel: Path) -> set[str]:
    with ZipFile(wheel) as content:
        names = {name for name in content.namelist() if not name.endswith("/")}
    return {name for name in names if not name.partition("/")[0].endswith(".dist-info")}


def _source_files() -> set[str]:
    """Every file below the `src` of a member."""
    workspace = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["uv"]["workspace"]
    sources = [member / "src" for pattern in workspace["members"] for member in ROOT.glob(pattern)]
    files = {(file, source) for source in sources for file in source.rglob("*") if file.is_file()}
    return {str(file.relative_to(source)) for file, source in files if file.parent.name != "__pycache__"}


def _modules(files: set[str]) -> list[str]:
    """The modules among `files`; revisions and Alembic's environment are scripts."""
    parts = [Path(file).with_suffix("").parts for file in files if file.endswith(".py")]
    named = {tuple(part for part in names if part != "__init__") for names in parts if names[-1] != "env"}
    return sorted(".".join(names) for names in named if all(part.isidentifier() for part in names))


def _uv() -> Path:
    """The installer `make install` uses."""
    own = ROOT / ".tools" / "uv"
    found = own if own.exists() else shutil.which("uv")
    assert found, "run `make install`: there is no uv"
    return Path(found)


def _run(
    command: Path, *arguments: str | Path, environment: Mapping[str, str] | None = None, cwd: Path | None = None
) -> str:
    """What `command` says, which must end well."""
    done = subprocess.run(
        [command, *arguments], env=_environment(environment), cwd=cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def _running(command: Path, *arguments: str, environment: Mapping[str, str]) -> "Iterator[subprocess.Popen[bytes]]":
    process = subprocess.Popen([command, *arguments], env=_environment(environment))
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def _environment(own: Mapping[str, str] | None) -> dict[str, str]:
    """`own` and what is set here, without what would lead Python or uv to an installation."""
    here = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    return {**here, **(own or {})}
