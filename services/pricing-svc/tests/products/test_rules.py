"""3-5: the lifecycle and the flow follow from the recorded history."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing_svc.products.rules import Entry, Flow, Lifecycle, Stage, can_stop, flow_of, has_happened, lifecycle_of

DAY = date(2026, 3, 2)


def history(*stages: tuple[Stage, int]) -> list[Entry]:
    """Entries recorded in this order, each with its day counted from DAY."""
    return [Entry(stage, DAY + timedelta(days=days), number) for number, (stage, days) in enumerate(stages, 1)]


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([], Lifecycle.NEW),
        ([(Stage.SAMPLES, 0)], Lifecycle.NEW),
        ([(Stage.SAMPLES, 0), (Stage.TRIAL, 9)], Lifecycle.NEW),
        ([(Stage.TRIAL, 0), (Stage.MASS_PRODUCTION, 1)], Lifecycle.REGULAR),
        ([(Stage.MASS_PRODUCTION, 0), (Stage.TRIAL, 5)], Lifecycle.REGULAR),
        ([(Stage.MASS_PRODUCTION, 0), (Stage.STOPPED, 1)], Lifecycle.STOPPED),
        ([(Stage.MASS_PRODUCTION, 0), (Stage.STOPPED, 1), (Stage.SAMPLES, 2)], Lifecycle.STOPPED),
        ([(Stage.MASS_PRODUCTION, 0), (Stage.STOPPED, 1), (Stage.MASS_PRODUCTION, 2)], Lifecycle.REGULAR),
        # recorded late: the days decide, not the order of recording
        ([(Stage.STOPPED, 9), (Stage.MASS_PRODUCTION, 0)], Lifecycle.STOPPED),
        # on one day, the order of recording decides
        ([(Stage.MASS_PRODUCTION, 0), (Stage.STOPPED, 0)], Lifecycle.STOPPED),
        ([(Stage.MASS_PRODUCTION, 0), (Stage.STOPPED, 0), (Stage.MASS_PRODUCTION, 0)], Lifecycle.REGULAR),
    ],
)
def test_3_5_1_lifecycle(entries: list[tuple[Stage, int]], expected: Lifecycle) -> None:
    assert lifecycle_of(history(*entries)) == expected


@pytest.mark.parametrize(
    ("lifecycle", "flow"),
    [(Lifecycle.NEW, Flow.NEW_PRODUCT), (Lifecycle.STOPPED, Flow.NEW_PRODUCT), (Lifecycle.REGULAR, Flow.ADJUSTMENT)],
)
def test_3_5_2_the_history_chooses_the_flow(lifecycle: Lifecycle, flow: Flow) -> None:
    assert flow_of(lifecycle) == flow


def test_3_5_1_a_history_ends_today() -> None:
    assert has_happened(DAY, DAY)
    assert has_happened(DAY - timedelta(days=1), DAY)
    assert not has_happened(DAY + timedelta(days=1), DAY)


def test_3_5_2_2_a_stop_needs_mass_production_on_that_day() -> None:
    produced = history((Stage.SAMPLES, -30), (Stage.MASS_PRODUCTION, 0))
    assert not can_stop(produced, DAY - timedelta(days=1))
    assert can_stop(produced, DAY)
    assert not can_stop(history((Stage.MASS_PRODUCTION, 0), (Stage.STOPPED, 3)), DAY + timedelta(days=3))
    assert not can_stop([], DAY)


@given(st.lists(st.tuples(st.sampled_from(Stage), st.integers(0, 400)), unique_by=lambda entry: entry[1]))
def test_3_5_1_samples_and_trials_never_make_a_product_old(entries: list[tuple[Stage, int]]) -> None:
    full = history(*entries)
    turns = [entry for entry in full if entry.stage in (Stage.MASS_PRODUCTION, Stage.STOPPED)]
    assert lifecycle_of(full) == lifecycle_of(turns) == lifecycle_of(reversed(full))
    assert (lifecycle_of(full) is Lifecycle.NEW) == (not turns)
