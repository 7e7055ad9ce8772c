"""What people are told, gathered from the code: no slug for two things, no Chinese sentence with the code of a role."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType

from fangxing.documents import kinds
from fangxing.errors import ErrorType
from fangxing.roles import Role
from fangxing.verdicts import ReasonType

Told = ErrorType | ReasonType

_PARAMETER = re.compile(r"\{[^}]*\}")
_CHINESE = re.compile("[\u4e00-\u9fff]")
# not 'quality', which quotes a value a client may send, nor a part of a longer name
_ROLE = re.compile(rf"(?<![\w.'])({'|'.join(Role)})(?![\w.'])", re.ASCII)


def names_a_role_by_its_code(sentence: str) -> bool:
    """Whether `sentence` is Chinese and says "sales_rep" where a person reads 销售专员."""
    return bool(_CHINESE.search(sentence) and _ROLE.search(sentence))


def modules_of(package: str) -> Iterator[ModuleType]:
    """Every module of `package`, imported, but for migrations."""
    root = importlib.import_module(package)
    yield root
    for found in pkgutil.walk_packages(root.__path__, f"{package}."):
        if not {"migrations", "machinery", "__main__"} & set(found.name.split(".")):
            yield importlib.import_module(found.name)


def told_by(*packages: str) -> list[Told]:
    """Every error and reason that a module of `packages` declares or imports, each once."""
    found = {
        id(value): value
        for package in packages
        for module in modules_of(package)
        for value in _values(module)
        if isinstance(value, Told)
    }
    return [
        *found.values(),
        *(kind.not_found_type() for kind in kinds() if kind.__module__.partition(".")[0] in packages),
    ]


def _values(module: ModuleType) -> Iterator[object]:
    for value in vars(module).values():
        if isinstance(value, dict):
            yield from value.values()
        elif isinstance(value, (list, tuple)):
            yield from value
        else:
            yield value


def of_two_meanings(told: Iterable[Told]) -> list[str]:
    """The slugs that stand for two things: two sentences, or an error and a reason."""
    meanings: dict[str, set[tuple[type, str, str]]] = {}
    for one in told:
        meanings.setdefault(one.slug, set()).add((type(one), *_sentence(one)))
    return [f"{slug}: {sorted(zh for _, zh, _ in found)}" for slug, found in sorted(meanings.items()) if len(found) > 1]


def of_two_slugs(told: Iterable[Told]) -> list[str]:
    """The sentences that stand behind two slugs."""
    slugs: dict[tuple[str, str], set[str]] = {}
    for one in told:
        slugs.setdefault(_sentence(one), set()).add(one.slug)
    return [f"{sentence[0]}: {sorted(found)}" for sentence, found in slugs.items() if len(found) > 1]


def _sentence(told: Told) -> tuple[str, str]:
    """What is said, whatever its parameters are called."""
    zh, en = (told.zh, told.en) if isinstance(told, ErrorType) else (told.text.zh, told.text.en)
    return _PARAMETER.sub("{}", zh), _PARAMETER.sub("{}", en)


def roles_by_their_codes(package: str) -> list[str]:
    """The Chinese sentences in the sources of `package` that name a role by its code, with file and line."""
    root = Path(next(iter(importlib.import_module(package).__path__)))
    return [
        f"{path.relative_to(root)}:{line}: {sentence}"
        for path in sorted(root.rglob("*.py"))
        for line, sentence in _sentences(ast.parse(path.read_text(encoding="utf-8")))
        if names_a_role_by_its_code(sentence)
    ]


def _sentences(tree: ast.AST) -> Iterator[tuple[int, str]]:
    comments = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in comments:
            yield node.lineno, node.value
