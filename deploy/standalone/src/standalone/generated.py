"""Files made from the code and checked in: event contracts, OpenAPI documents, clauses, states and hidden fields.

`python -m standalone.generated` writes them; a test holds that they are what the code says. A contract that would break
a reader is not overwritten.
"""

import re
import sys
from collections.abc import Iterable
from pathlib import Path

import orjson

from fangxing import clauses
from fangxing.bus.schemas import breaking_changes, published_by
from fangxing.roles import spoken_roles
from fangxing.web.app import create_app, hidden_fields
from standalone.diagrams import states_page
from standalone.files import ROOT, need_source_tree
from standalone.services import SERVICES


def documents(root: Path = ROOT) -> dict[Path, bytes]:
    """Every generated file with what it should hold."""
    made: dict[Path, bytes] = {}
    for name, schema in published_by("fangxing").items():
        made[root / "shared" / "contracts" / name] = _json(schema)
    for service in SERVICES.values():
        folder = root / "services" / service.name
        for name, schema in published_by(service.package).items():
            made[folder / "contracts" / name] = _json(schema)
        made[root / "docs" / "openapi" / f"{service.name}.json"] = _json(create_app(service).openapi())
    made[root / "docs" / "clauses.md"] = _clauses(root).encode()
    made[root / "docs" / "states.md"] = states_page().encode()
    made[root / "docs" / "fields.md"] = _fields().encode()
    return made


def broken_contracts(root: Path = ROOT) -> list[str]:
    """What the events of today would break for a reader of the checked-in contracts."""
    faults: list[str] = []
    for path, content in documents(root).items():
        if path.parent.name == "contracts" and path.exists():
            found = breaking_changes(orjson.loads(path.read_bytes()), orjson.loads(content))
            faults += [f"{path.parent.parent.name} {path.stem}: {fault}" for fault in found]
    return faults


def _json(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n"


def _clauses(root: Path) -> str:
    enforced = clauses.registered()
    tested = _tests_by_clause(root, enforced)
    lines = [
        "# Clauses 条款",
        "",
        "Made from the code by `make documents`: which function decides a clause, and which test files quote it.",
        "",
        "| clause 条款 | decided by | quoted in |",
        "| --- | --- | --- |",
    ]
    for clause_id, functions in enforced.items():
        tests = sorted(tested.get(clause_id, ()))
        lines.append(f"| {clause_id} | {_cell(functions)} | {_cell(tests)} |")
    return "\n".join(lines) + "\n"


def _fields() -> str:
    lines = [
        "# Fields by role 字段权限",
        "",
        "Made from the code by `make documents`: the fields that are null for whoever acts in none of these roles.",
        "",
        "| service | shape | field | group | seen by 可见角色 |",
        "| --- | --- | --- | --- | --- |",
    ]
    for service in SERVICES.values():
        for shape, field, group in hidden_fields(create_app(service)):
            roles = spoken_roles(group.roles)
            lines.append(f"| {service.name} | {shape} | `{field}` | {group.name} | {roles.zh}; {roles.en} |")
    return "\n".join(lines) + "\n"


def _cell(names: Iterable[str]) -> str:
    return "<br>".join(f"`{name}`" for name in names)


def _tests_by_clause(root: Path, known: Iterable[str]) -> dict[str, set[str]]:
    by_clause: dict[str, set[str]] = {}
    patterns = {
        clause_id: re.compile(
            rf"(?<![\w.-]){re.escape(clause_id)}(?![\w-])|{re.sub(r'[.-]', '_', clause_id).lower()}(?![a-z0-9]*\d)(?=_)"
        )
        for clause_id in known
    }
    for folder in ("services", "shared", "tests"):
        for path in sorted((root / folder).rglob("test_*.py")):
            text = path.read_text(encoding="utf-8")
            for clause_id, pattern in patterns.items():
                if pattern.search(text):
                    by_clause.setdefault(clause_id, set()).add(str(path.relative_to(root)))
    return by_clause


def main() -> int:
    """Write the files; 1 where a contract would break its readers, which is then left as it is."""
    need_source_tree()
    faults = broken_contracts()
    for fault in faults:
        print(f"breaks readers, publish a new version of the event instead: {fault}", file=sys.stderr)
    for path, content in documents().items():
        if faults and path.parent.name == "contracts":
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
