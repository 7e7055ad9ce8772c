"""3-5: the lifecycle and the flow follow from the recorded history."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing_svc.products.rules import Entry, Flow, Lifecycle, Stage, can_stop, flow_of, lifecycle_of

DAY = date(2026, 3, 2)
STAGES: list[Stage] = ["samples", "trial", "mass_production", "stopped"]


def history(*stages: tuple[Stage, int]) -> list[Entry]:
    """Entries recorded in this order, each with its day counted from DAY."""
    return [Entry(stage, DAY + timedelta(days=days), number) for number, (stage, days) in enumerate(stages, 1)]


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([], "new"),
        ([("samples", 0)], "new"),
        ([("samples", 0), ("trial", 9)], "new"),
        ([("trial", 0), ("mass_production", 1)], "regular"),
        ([("mass_production", 0), ("trial", 5)], "regular"),
        ([("mass_production", 0), ("stopped", 1)], "stopped"),
        ([("mass_production", 0), ("stopped", 1), ("samples", 2)], "stopped"),
        ([("mass_production", 0), ("stopped", 1), ("mass_production", 2)], "regular"),
        # recorded late: the days decide, not the order of recording
        ([("stopped", 9), ("mass_production", 0)], "stopped"),
        # on one day, the order of recording decides
        ([("mass_production", 0), ("stopped", 0)], "stopped"),
        ([("mass_production", 0), ("stopped", 0), ("mass_production", 0)], "regular"),
    ],
)
def test_3_5_1_lifecycle(entries: list[tuple[Stage, int]], expected: Lifecycle) -> None:
    assert lifecycle_of(history(*entries)) == expected


@pytest.mark.parametrize(
    ("lifecycle", "flow"), [("new", "new_product"), ("stopped", "new_product"), ("regular", "adjustment")]
)
def test_3_5_2_the_history_chooses_the_flow(lifecycle: Lifecycle, flow: Flow) -> None:
    assert flow_of(lifecycle) == flow


def test_3_5_2_2_a_stop_needs_mass_production_on_that_day() -> None:
    produced = history(("samples", -30), ("mass_production", 0))
    assert not can_stop(produced, DAY - timedelta(days=1))
    assert can_stop(produced, DAY)
    assert not can_stop(history(("mass_production", 0), ("stopped", 3)), DAY + timedelta(days=3))
    assert not can_stop([], DAY)


@given(st.lists(st.tuples(st.sampled_from(STAGES), st.integers(0, 400)), unique_by=lambda entry: entry[1]))
def test_3_5_1_samples_and_trials_never_make_a_product_old(entries: list[tuple[Stage, int]]) -> None:
    full = history(*entries)
    turns = [entry for entry in full if entry.stage in ("mass_production", "stopped")]
    assert lifecycle_of(full) == lifecycle_of(turns) == lifecycle_of(reversed(full))
    assert (lifecycle_of(full) == "new") == (not turns)
