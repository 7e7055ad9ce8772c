"""The clause registry 条款: which function enforces which clause of the manual.

`@clause("5-4.2.1-C")` registers a rule; `docs/clauses.md` is generated from the registry.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_R = TypeVar("_R")

_REGISTRY: dict[str, set[str]] = {}


def clause(*ids: str) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Mark a function as the place where the clauses `ids` (`chapter-section[-letter]`) are decided."""

    def register(function: Callable[_P, _R]) -> Callable[_P, _R]:
        for clause_id in ids:
            _REGISTRY.setdefault(clause_id, set()).add(f"{function.__module__}.{function.__qualname__}")
        return function

    return register


def registered() -> dict[str, list[str]]:
    """Every clause id with the functions that enforce it, both sorted."""
    return {clause_id: sorted(_REGISTRY[clause_id]) for clause_id in sorted(_REGISTRY)}
