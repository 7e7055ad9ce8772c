"""A service is its features: folders of its package, from which the machinery takes what it finds by name.

Of `<package>.<feature>` it takes `api.router`, `consumers.consumers`, `policies.POLICIES`, `timers.TIMERS` and
`importing.IMPORTS`, each where there is such a file, and imports `reasons`, which declares the labels of what verdicts
look at, and `access`, which declares what fits documents.
"""

import importlib
import importlib.util
from collections.abc import Iterator, Sequence
from types import ModuleType
from typing import Any

from fastapi import APIRouter

from fangxing.imports.declaring import Import
from fangxing.inbox import Consumers
from fangxing.policies import PolicyRegistry
from fangxing.running.timers import DailyTimer
from fangxing.tasks import POLICIES


class Features:
    """The features of the service `package`, in the order in which their routes are tried."""

    def __init__(self, package: str, names: Sequence[str]) -> None:
        self._package = package
        self._names = names
        for declaring in ("reasons", "access"):
            list(self._modules(declaring))

    def routers(self) -> list[APIRouter]:
        """The router of each feature that has routes."""
        return list(self._each("api", "router"))

    def consumers(self, group: str) -> Consumers:
        """What all features take in, read as `group`."""
        return Consumers.joined(group, self._each("consumers", "consumers"))

    def policies(self) -> PolicyRegistry:
        """The policies of all features, and those that the machinery asks of every service."""
        own = (policy for policies in self._each("policies", "POLICIES") for policy in policies)
        return PolicyRegistry((*own, *POLICIES))

    def timers(self) -> list[DailyTimer]:
        """The daily timers of all features."""
        return [timer for timers in self._each("timers", "TIMERS") for timer in timers]

    def imports(self) -> list[Import]:
        """The imports of all features."""
        return [one for imports in self._each("importing", "IMPORTS") for one in imports]

    def _each(self, file: str, name: str) -> Iterator[Any]:
        return (getattr(module, name) for module in self._modules(file))

    def _modules(self, file: str) -> Iterator[ModuleType]:
        for feature in self._names:
            module = f"{self._package}.{feature}.{file}"
            if importlib.util.find_spec(module) is not None:
                yield importlib.import_module(module)
