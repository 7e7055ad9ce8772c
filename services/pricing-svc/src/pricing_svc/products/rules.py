"""The rules of 3-5 on a product's life and the flow that prices it. Pure: no I/O, no clock, no settings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fangxing.clauses import clause


class Stage(StrEnum):
    """What production did from a day on: samples 样品, trials 试产, mass production 批量生产, or it stopped 停产."""

    SAMPLES = "samples"
    TRIAL = "trial"
    MASS_PRODUCTION = "mass_production"
    STOPPED = "stopped"


class Lifecycle(StrEnum):
    """Where a product stands by its history: new 新产品, in regular production 老产品, or stopped 停产."""

    NEW = "new"
    REGULAR = "regular"
    STOPPED = "stopped"


class Flow(StrEnum):
    """The flow that prices a product: new product pricing 新产品定价, or adjustment 基准价格调整."""

    NEW_PRODUCT = "new_product"
    ADJUSTMENT = "adjustment"


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
    turns = [entry for entry in history if entry.stage in (Stage.MASS_PRODUCTION, Stage.STOPPED)]
    if not turns:
        return Lifecycle.NEW
    latest = max(turns, key=lambda entry: (entry.since, entry.number))
    return Lifecycle.STOPPED if latest.stage is Stage.STOPPED else Lifecycle.REGULAR


@clause("3-5.1")
def has_happened(since: date, today: date) -> bool:
    """Whether it can be recorded: a history tells what happened, up to today."""
    return since <= today


@clause("3-5.2-2")
def can_stop(history: Iterable[Entry], on: date) -> bool:
    """Whether the product was in mass production on that day: only then is there something to stop."""
    return lifecycle_of(entry for entry in history if entry.since <= on) is Lifecycle.REGULAR


@clause("3-5.1", "3-5.2-1", "3-5.2-2", "3-5.2-3")
def flow_of(lifecycle: Lifecycle) -> Flow:
    """The flow that prices the product: adjustment for one in production, with or without a base price so far.

    A new one, or one that was stopped, goes through new product pricing.
    """
    return Flow.ADJUSTMENT if lifecycle is Lifecycle.REGULAR else Flow.NEW_PRODUCT
