"""Credit figures as Hypothesis draws them: a small domain, in which amounts meet to the cent and dates to the day."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import strategies as st

from fangxing.ids import new_id
from fangxing.positions import Grade
from shipping_svc.credit.rules import Approval, Figures, Road

_AMOUNTS = [Decimal(text) for text in ("0.00", "0.01", "59.99", "60.00", "99.99", "100.00", "100.01", "250.00")]
_DAYS = [date(2026, 3, day) for day in (1, 2, 3)]


@pytest.fixture(scope="session")
def amounts() -> st.SearchStrategy[Decimal]:
    """Amounts in yuan around the same few limits."""
    return st.sampled_from(_AMOUNTS)


@pytest.fixture(scope="session")
def days() -> st.SearchStrategy[date]:
    """Three days in a row."""
    return st.sampled_from(_DAYS)


@pytest.fixture(scope="session")
def figures(amounts: st.SearchStrategy[Decimal], days: st.SearchStrategy[date]) -> st.SearchStrategy[Figures]:
    """Credit figures, a customer who paid too much among them."""
    return st.builds(
        Figures,
        id=st.builds(new_id),
        epoch=st.just(1),
        version=st.just(0),
        customer_epoch=st.just(1),
        customer_version=st.just(1),
        overdue_amount=amounts,
        overdue_since=st.one_of(st.none(), days),
        receivable=st.one_of(amounts, st.just(Decimal("-40.00"))),
        written_off=st.sampled_from([Decimal("0.00"), Decimal("0.01")]),
        settled_total=amounts,
        prepaid_total=amounts,
        released=amounts,
        shipped_total=amounts,
        prepaid_used_total=amounts,
        grade=st.sampled_from([*Grade, Grade.B]),
        limit=st.one_of(st.none(), amounts, st.just(Decimal("500.00"))),
        c_from=st.one_of(st.none(), st.none(), days),
        d_from=st.one_of(st.none(), st.none(), days),
        stopped=st.sampled_from([False, False, False, True]),
        prepaid_by=st.lists(st.sampled_from(["accountant", "deputy"]), unique=True),
        next_due=st.one_of(st.none(), days),
        hold=st.sampled_from([False, False, False, True]),
    )


@pytest.fixture(scope="session")
def approvals(amounts: st.SearchStrategy[Decimal]) -> st.SearchStrategy[Approval]:
    """What the deciders may have said yes to."""
    return st.builds(
        Approval,
        road=st.sampled_from([Road.WITHIN, Road.OVERDUE, Road.OVER]),
        ceiling=st.one_of(st.none(), amounts, st.just(Decimal("700.00"))),
        overdue=st.booleans(),
        in_writing=st.booleans(),
    )
