"""The SQL of a release: caught from the endpoint, held against release.sql, and turned into a script for pgbench.

release.sql holds what the endpoint sends, each parameter in braces. One named in `VARYING` is computed by pgbench for
each release; every other one is a `{value}`, sent as it was caught, so that rows have the size they really have.
"""

import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from fangxing_embedded.wheel import program

SCRIPT = Path(__file__).with_name("release.sql")
VARYING = {
    "notice": "bench_id('b', :n)",
    "account": "bench_id('a', :n)",
    "case": "bench_id('d', :n)",
    "document": "('notice/' || bench_id('b', :n))",
    "route": "('POST /notices/' || bench_id('b', :n) || '/decisions')",
    "key": "('pgbench-' || :n::text)",
    # no colon in quotes: pgbench takes what follows for a variable
    "lock": "(concat_ws(chr(58), 'idempotency', 'manager', 'POST /notices/' || bench_id('b', :n), :n::text))",
    "fresh_id": "uuidv7()",
}
_NAME = re.compile(r"\{(\w+)\}")
_NUMBER = re.compile(r"\$(\d+)")
_HEAD = """-- What POST /notices/{id}/decisions sends when the sales manager's yes releases a notice, in this order.
-- Written by `python tests/performance/bench.py rewrite`; bench.py fails when the endpoint sends anything else."""
_DRIFTED = "release.sql is out of date (read what changed, then `bench.py rewrite`):"
_COUNTER = """\\set i :i + 1
\\set n :first + :client_id * :each + :i - 1
"""


class DriftError(RuntimeError):
    """release.sql is no longer what the endpoint sends."""


@dataclass(frozen=True)
class Caught:
    """One statement as it was sent."""

    sql: str
    parameters: tuple[Any, ...]

    @property
    def normal(self) -> str:
        """The statement with every parameter as `?` and every run of white space as one blank."""
        return " ".join(_NUMBER.sub("?", self.sql).split())


@contextmanager
def catching(engine: AsyncEngine) -> Iterator[list[Caught]]:
    """Every statement `engine` sends within the block, in order."""
    caught: list[Caught] = []

    def keep(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        if many:
            raise DriftError("a statement with several sets of parameters is no single round trip")
        caught.append(Caught(statement, tuple(parameters or ())))

    event.listen(engine.sync_engine, "before_cursor_execute", keep)
    try:
        yield caught
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", keep)


def written() -> list[str]:
    """The statements of release.sql."""
    lines = [line for line in SCRIPT.read_text().splitlines() if not line.startswith("--")]
    return [statement.strip() for statement in "\n".join(lines).split(";\n") if statement.strip()]


def check(caught: list[Caught]) -> None:
    """Raise `DriftError` unless release.sql holds these statements in this order."""
    expected = [" ".join(_NAME.sub("?", statement).split()).rstrip(";") for statement in written()]
    found = ["BEGIN", *(statement.normal for statement in caught), "COMMIT"]
    for place, (ours, theirs) in enumerate(zip(expected, found, strict=False), 1):
        if ours != theirs:
            raise DriftError(f"{_DRIFTED} statement {place} is\n  {ours}\nand the endpoint sends\n  {theirs}")
    if len(expected) != len(found):
        raise DriftError(f"{_DRIFTED} it has {len(expected)} statements, the endpoint sends {len(found)}")


def write(caught: list[Caught], names: Mapping[str, str]) -> None:
    """Write release.sql anew from what was sent; `names` says which values vary, and as what."""
    content = [_HEAD, "BEGIN;"]
    for statement in caught:

        def name(match: re.Match[str], sent: tuple[Any, ...] = statement.parameters) -> str:
            value = sent[int(match[1]) - 1]
            known = names.get(str(value), "fresh_id" if isinstance(value, UUID) else "value")
            return "{" + known + "}"

        content.append("\n".join(line.rstrip() for line in _NUMBER.sub(name, statement.sql).splitlines()) + ";")
    SCRIPT.write_text("\n".join([*content, "COMMIT;", ""]))


def render(caught: list[Caught]) -> tuple[str, dict[str, str]]:
    """The script for pgbench, and the values of its variables; call `check` first."""
    values: dict[str, str] = {}
    script = [_COUNTER]
    for statement, sent in zip(written()[1:-1], caught, strict=True):
        numbers = [int(number) for number in _NUMBER.findall(sent.sql)]
        parameters = iter([sent.parameters[number - 1] for number in numbers])

        def replace(match: re.Match[str], parameters: Iterator[Any] = parameters) -> str:
            value = next(parameters)
            if (expression := VARYING.get(match[1])) is not None:
                return expression
            if value is None:
                return "NULL"
            variable = f"v{len(values)}"
            values[variable] = _as_text(value)
            return f":{variable}"

        script.append(_NAME.sub(replace, statement) + ";")
    script.insert(1, "BEGIN;")
    script.append("COMMIT;")
    return "\n".join(script), values


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, datetime) else str(value)


def pgbench(dsn: str, script: Path, *, clients: int, each: int, variables: dict[str, str]) -> float:
    """Transactions per second of `script`, prepared, `each` times by each client; raises RuntimeError if one fails."""
    command = [str(program("pgbench")), "-n", "-M", "prepared", "-f", str(script)]
    command += ["-c", str(clients), "-j", "1", "-t", str(each)]
    for name, value in {**variables, "i": "0", "each": str(each)}.items():
        command += ["-D", f"{name}={value}"]
    done = subprocess.run([*command, dsn], capture_output=True, text=True, timeout=120, check=False)
    rate = re.search(r"tps = ([\d.]+)", done.stdout)
    if done.returncode != 0 or rate is None or "processed: " + f"{clients * each}/" not in done.stdout:
        raise RuntimeError(f"pgbench failed:\n{done.stdout}{done.stderr[-2000:]}")
    return float(rate[1])
