"""The layout docs/architecture.md describes: rooms, the words files are called by, and what each may import."""

import ast
import re
import tomllib
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from standalone.files import ROOT

MOST_LINES = 400
MOST_FUNCTION_LINES = 50
MANY_FUNCTION_LINES = 40

PURE = {"rules", "reasons", "words", "errors"}
MAY_IMPORT = {
    **dict.fromkeys(PURE, PURE),
    "policies": {*PURE, "policies"},
    "store": {*PURE, "tables", "store"},
    "events": {*PURE, "tables", "store", "policies", "events"},
    "access": {*PURE, "tables", "store", "policies", "access"},
    "shapes": {*PURE, "tables", "store", "policies", "events", "access", "shapes"},
}
"""What a file may import of its own service, by the name it has in every feature."""

STARTED_FROM_OUTSIDE = {"api", "consumers", "timers"}
"""Files the machinery finds by name. They call use cases; only a consumer builds on another feature's consumer."""

USE_CASE = re.compile(r"[a-z]+ing(_[a-z]+)*")
"""What somebody does, as filing or calling_off."""

HANDS = {"approved", "confirmed", "inspected", "prepaid", "received", "released", "routed", "signed"}
"""Whoever made a document is its `author`; these are the other hands a column may be named after."""

CLOSED_SET = re.compile(r"(?:.*_)?(?:status|kind|grade)")


@dataclass(frozen=True)
class Module:
    """A Python file of a service, in a feature or, without one, beside them."""

    path: Path
    package: str
    feature: str | None

    @property
    def name(self) -> str:
        return self.path.stem

    def __str__(self) -> str:
        return str(self.path.relative_to(ROOT))

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text(encoding="utf-8"))

    @property
    def imported(self) -> set[tuple[str | None, str]]:
        """Feature and name of the service's own modules that are imported for more than their types."""
        return {
            (feature, name)
            for dotted in _imported(self.tree.body)
            if dotted.startswith(f"{self.package}.")
            for feature, name in [self._place(dotted)]
        }

    def _place(self, dotted: str) -> tuple[str | None, str]:
        _, *parts = dotted.split(".")
        source = self.path.parents[1 if self.feature else 0]
        if (source / parts[0]).is_dir():
            return parts[0], parts[1] if len(parts) > 1 else "__init__"
        return None, parts[0]


@dataclass(frozen=True)
class Service:
    """The source and the tests of a service."""

    folder: Path

    @property
    def package(self) -> str:
        return self.folder.name.replace("-", "_")

    @property
    def source(self) -> Path:
        return self.folder / "src" / self.package

    @property
    def features(self) -> list[str]:
        folders = {path.name for path in self.source.iterdir() if any(path.glob("*.py"))}
        return sorted(folders - {"migrations", "__pycache__"})

    @property
    def modules(self) -> list[Module]:
        """The modules of all features."""
        return [
            Module(path, self.package, feature)
            for feature in self.features
            for path in sorted((self.source / feature).rglob("*.py"))
            if path.name != "__init__.py"
        ]

    @property
    def main(self) -> Module:
        return Module(self.source / "main.py", self.package, None)


SERVICES = [Service(path) for path in sorted((ROOT / "services").iterdir()) if (path / "pyproject.toml").exists()]
each_service = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.folder.name)


@each_service
def test_a_feature_has_only_files_of_the_vocabulary(service: Service) -> None:
    words = {*MAY_IMPORT, *STARTED_FROM_OUTSIDE}
    _none(str(it) for it in service.modules if it.name not in words and not USE_CASE.fullmatch(it.name))
    beside = {path.name for path in service.source.glob("*.py")}
    assert beside == {"__init__.py", "main.py", "settings.py", "tables.py"}


@each_service
def test_imports_go_down_from_what_is_started_to_use_cases_to_store_and_rules(service: Service) -> None:
    faults: list[str] = []
    for module in service.modules:
        names = {name for _, name in module.imported}
        unimported = {*STARTED_FROM_OUTSIDE, "main"} - ({"consumers"} if module.name == "consumers" else set())
        allowed = MAY_IMPORT.get(module.name)
        wrong = names & unimported if allowed is None else names - allowed
        faults += [f"{module} imports {name}" for name in sorted(wrong)]
    _none(faults)


@each_service
def test_main_lists_features_and_nothing_else(service: Service) -> None:
    assert {name for _, name in service.main.imported} == {"settings", "tables"}
    made: dict[str, ast.expr] = {}
    for statement in service.main.tree.body:
        if isinstance(statement, ast.Assign):
            made[ast.unparse(statement.targets[0])] = statement.value
        else:
            assert isinstance(statement, ast.Import | ast.ImportFrom | ast.Expr), ast.unparse(statement)
    assert list(made) == ["SERVICE", "cli"]
    call = made["SERVICE"]
    assert isinstance(call, ast.Call)
    assert ast.unparse(call.func) == "Service.of_features"
    listed = {keyword.arg: keyword.value for keyword in call.keywords}["features"]
    assert sorted(ast.literal_eval(listed)) == service.features


@each_service
def test_consumers_own_their_registrations(service: Service) -> None:
    registering = {"on", "keep_positions"}
    for module in [*service.modules, service.main]:
        made = [it for it in _calls(module.tree) if isinstance(it.func, ast.Attribute) and it.func.attr in registering]
        if module.name == "consumers":
            top = {it.value for it in module.tree.body if isinstance(it, ast.Expr)}
            assert made, f"{module} registers nothing"
            assert all(it in top and ast.unparse(it).startswith("consumers.") for it in made), f"{module}: at its end"
        else:
            assert made == [], f"{module} registers what a consumers.py takes in"


@each_service
def test_every_feature_has_its_place_in_the_layers(service: Service) -> None:
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    layers = [it["layers"] for it in linter["contracts"] if it.get("containers") == [service.package]]
    assert len(layers) == 1, f"pyproject.toml has no `layers` contract whose container is {service.package}"
    named = [name for layer in layers[0] for name in re.findall(r"\w+", layer)]
    assert sorted(named) == service.features


@each_service
def test_tests_stand_in_the_same_folders(service: Service) -> None:
    folders = {path.name for path in (service.folder / "tests").iterdir() if path.is_dir()} - {"__pycache__"}
    assert folders <= set(service.features)
    assert {it.feature for it in service.modules if it.name == "api"} <= folders


@each_service
def test_rules_read_no_clock(service: Service) -> None:
    clock = re.compile(r"(.*\.)?(now|utcnow|today|time|monotonic)")
    _none(
        f"{module}:{call.lineno} {ast.unparse(call)}"
        for module in service.modules
        if module.name in PURE
        for call in _calls(module.tree)
        if clock.fullmatch(ast.unparse(call.func))
    )


@each_service
def test_a_document_is_called_document(service: Service) -> None:
    _none(
        f"{module}: {name} is a document"
        for module in service.modules
        for name in sorted({name for name in _names(module.tree) if "subject" in name.lower().split("_")})
    )


def test_who_made_a_document_is_its_author_and_there_are_no_other_hands_than_these() -> None:
    columns = {column for service in SERVICES for module in service.modules for column, _ in _columns(module.tree)}
    assert {made[1] for column in columns if (made := re.fullmatch(r"(\w+?)_by(_name)?", column))} == HANDS


@each_service
def test_states_kinds_and_grades_are_closed_sets(service: Service) -> None:
    _none(
        f"{module}: {column} is {annotation}; a StrEnum in one_of() says its values and makes its CHECK"
        for module in service.modules
        for column, annotation in _columns(module.tree)
        if CLOSED_SET.fullmatch(column) and re.search(r"\bstr\b", annotation)
    )


def test_no_file_and_no_function_is_too_long() -> None:
    long: list[str] = []
    for path in sorted(_python_files()):
        text = path.read_text(encoding="utf-8")
        name = path.relative_to(ROOT)
        if (lines := text.count("\n")) > MOST_LINES:
            long.append(f"{name} has {lines} lines")
        for function in _functions(ast.parse(text)):
            lines = (function.end_lineno or 0) - function.lineno + 1
            said = f"{name}:{function.lineno} {function.name} has {lines} lines"
            if lines > MOST_FUNCTION_LINES:
                long.append(said)
            elif lines > MANY_FUNCTION_LINES:
                warnings.warn(said, stacklevel=1)
    _none(long)


def _none(faults: Iterable[str]) -> None:
    assert not (found := list(faults)), "\n".join(["", *found])


def _python_files() -> Iterator[Path]:
    """Our own; what Alembic wrote is as long as it is."""
    for folder in ("shared", "services", "deploy", "tests"):
        yield from (path for path in (ROOT / folder).rglob("*.py") if path.parent.name != "versions")


def _imported(statements: Iterable[ast.stmt]) -> Iterator[str]:
    """The dotted names imported anywhere in `statements`, but for types alone."""
    for statement in statements:
        if isinstance(statement, ast.If) and ast.unparse(statement.test) == "TYPE_CHECKING":
            continue
        for node in ast.walk(statement):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _calls(tree: ast.AST) -> list[ast.Call]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def _functions(tree: ast.AST) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


_NAMED: dict[type[ast.AST], Callable[..., str | None]] = {
    ast.Name: lambda it: it.id,
    ast.Attribute: lambda it: it.attr,
    ast.arg: lambda it: it.arg,
    ast.keyword: lambda it: it.arg,
    ast.FunctionDef: lambda it: it.name,
    ast.AsyncFunctionDef: lambda it: it.name,
    ast.ClassDef: lambda it: it.name,
}


def _names(tree: ast.AST) -> Iterator[str]:
    """Every identifier."""
    for node in ast.walk(tree):
        named = _NAMED.get(type(node))
        if named is not None and (name := named(node)):
            yield name


def _columns(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """The columns of all tables, each with its annotation."""
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            annotation = ast.unparse(node.annotation)
            if annotation.startswith("Mapped["):
                yield node.target.id, annotation
