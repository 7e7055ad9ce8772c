"""The rules of 3-5 on a product's life and the flow that prices it. Pure: no I/O, no clock, no settings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from fangxing.clauses import clause

Stage = Literal["samples", "trial", "mass_production", "stopped"]
Lifecycle = Literal["new", "regular", "stopped"]
Flow = Literal["new_product", "adjustment"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a production history: the stage, the day it began, and its place in the order of recording."""

    stage: Stage
    since: date
    number: int


@clause("3-5.1", "3-5.2-2")
def lifecycle_of(history: Iterable[Entry]) -> Lifecycle:
    """What the recorded history makes of the product.

    New: never produced, or samples or trials only. Otherwise the latest of mass production and stops tells, by its
    day and, within a day, by the order of recording.
    """
    turns = [entry for entry in history if entry.stage in ("mass_production", "stopped")]
    if not turns:
        return "new"
    latest = max(turns, key=lambda entry: (entry.since, entry.number))
    return "stopped" if latest.stage == "stopped" else "regular"


@clause("3-5.2-2")
def can_stop(history: Iterable[Entry], on: date) -> bool:
    """Whether the product was in mass production on that day: only then is there something to stop."""
    return lifecycle_of(entry for entry in history if entry.since <= on) == "regular"


@clause("3-5.1", "3-5.2-1", "3-5.2-2", "3-5.2-3")
def flow_of(lifecycle: Lifecycle) -> Flow:
    """The flow that prices the product: adjustment for one in production, with or without a base price so far.

    A new one, or one that was stopped, goes through new product pricing.
    """
    return "adjustment" if lifecycle == "regular" else "new_product"
