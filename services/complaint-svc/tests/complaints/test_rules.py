"""The rules of the register on their boundaries."""

from datetime import date
from uuid import uuid4

import pytest

from complaint_svc.complaints import rules
from complaint_svc.complaints.rules import Road
from fangxing.roles import Role

MONDAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("road", "role"),
    [
        (Road.QUALITY, Role.QUALITY),
        (Road.TECHNIQUE, Role.PRODUCTION),
        (Road.SALES, Role.SALES_MANAGER),
        (Road.USAGE, Role.SALES_REP),
        (Road.CARRIER, Role.SALES_REP),
    ],
)
def test_6_5_1_2_each_road_has_its_responsible_party(road: Road, role: Role) -> None:
    assert rules.responsible_role(road) is role


def test_6_5_2_3_the_customers_own_date_wins_and_no_policy_means_today() -> None:
    assert rules.answer_due(MONDAY, date(2026, 3, 4), 7) == date(2026, 3, 4)
    assert rules.answer_due(MONDAY, None, 7) == date(2026, 3, 9)
    assert rules.answer_due(MONDAY, None, None) == MONDAY


def test_6_5_1_1_numbers_are_five_digits_wide_and_go_on_beyond() -> None:
    assert rules.register_number(2026, 1) == "KF-2026-00001"
    assert rules.register_number(2026, 123456) == "KF-2026-123456"


def test_6_5_1_2_only_quality_blocks_and_only_a_lot_that_is_named() -> None:
    assert rules.may_block_lot(Road.QUALITY, "L1")
    assert not rules.may_block_lot(Road.QUALITY, None)
    assert not any(rules.may_block_lot(road, "L1") for road in Road if road is not Road.QUALITY)


def test_a_lot_number_that_two_products_share_means_neither() -> None:
    one, two = uuid4(), uuid4()
    assert rules.product_meant([one]) == one
    assert rules.product_meant([one, two]) is None
    assert rules.product_meant([]) is None
