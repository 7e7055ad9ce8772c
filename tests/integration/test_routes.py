"""1-3: whom the manual calls for stands in every route of all five services, whatever the general manager sets."""

from collections.abc import Iterator, Mapping, Sequence

import pytest

from fangxing.errors import DomainError
from fangxing.policies import POLICY_VALUE_INVALID, check_value
from fangxing.roles import Role
from fangxing.routes import RoutePolicy
from standalone.services import SERVICES

SALES, FINANCE, GM = Role.SALES_MANAGER, Role.FINANCE_MANAGER, Role.GENERAL_MANAGER
COMMITTEE, QUALITY = Role.PRICE_COMMITTEE, Role.QUALITY

MANUAL: Mapping[str, Mapping[str, Sequence[Role]]] = {
    # 1-3.6: 2-5.4.1 new customers, 2-5.4.2 existing ones
    "route.credit_application": {"new": (SALES, GM), "existing": (SALES, FINANCE, GM)},
    # 1-3.7
    "route.new_product_price": {"new_product": (SALES, GM)},
    # 1-3.8, and 3-7.2 where the factory goes without the committee
    "route.price_change": {"with_committee": (SALES, COMMITTEE, GM), "without_committee": (SALES, GM)},
    # 3-8.2-A and 9.3-A
    "route.price_authority": {"table": (COMMITTEE, GM)},
    # 1-3.9 with 4-4.2.1 and 4-4.2.4
    "route.contract": {
        "manager": (SALES,),
        "manager_finance": (SALES, FINANCE),
        "manager_gm": (SALES, GM),
        "manager_finance_gm": (SALES, FINANCE, GM),
    },
    # 1-3.10 with 5-4.2.1-C
    "route.non_cash_shipment": {"within": (SALES,), "overdue": (SALES,), "over": (SALES, GM)},
    # 1-3.12 with 6-5.2.1; who decides plain grumbles is the general manager's to say
    "complaint.grumble_decider": {"plain_grumble": (), "other": (SALES, QUALITY, GM)},
    # not the manual's: moving in from the factory's own list takes finance as second person (1-3)
    "route.customer_import": {"customers": (FINANCE,)},
    # nor these: finance keeps the books, and what is much, or lost, is the general manager's
    "route.adjustment": {
        "refund": (FINANCE,),
        "large_refund": (FINANCE, GM),
        "write_off": (FINANCE, GM),
        "rounding": (FINANCE,),
    },
}
"""Whom the manual names as reviewers and decider, by route and band."""

POLICIES = {
    policy.key: policy
    for service in SERVICES.values()
    for policy in service.policies.by_key.values()
    if isinstance(policy, RoutePolicy)
}


def bands() -> Iterator[tuple[str, str]]:
    for key, policy in POLICIES.items():
        for band in policy.initial or ():
            yield key, str(band)


def accepted(policy: RoutePolicy, band: str, roles: Sequence[Role]) -> bool:
    try:
        check_value(policy, {**(policy.initial or {}), band: list(roles)})
    except DomainError as error:
        return error.type is not POLICY_VALUE_INVALID
    return True


def test_every_route_there_is_is_read_from_the_manual() -> None:
    assert {key: set(policy.initial or ()) for key, policy in POLICIES.items()} == {
        key: set(named) for key, named in MANUAL.items()
    }


@pytest.mark.parametrize(("key", "band"), bands())
def test_nobody_whom_the_manual_names_is_left_out_and_others_may_be_added(key: str, band: str) -> None:
    policy = POLICIES[key]
    assert policy.initial is not None
    roles = policy.initial[band]
    assert set(MANUAL[key][band]) <= set(roles)
    for named in MANUAL[key][band]:
        rest = [role for role in roles if role is not named]
        assert not accepted(policy, band, rest), f"{named} can be left out"
        # nor does another reviewer take his place
        assert not any(accepted(policy, band, [other, *rest]) for other in Role if other not in roles)


@pytest.mark.parametrize(
    ("key", "band", "longer"),
    [
        ("route.credit_application", "new", (SALES, FINANCE, GM)),
        ("route.new_product_price", "new_product", (SALES, FINANCE, GM)),
        ("route.price_change", "with_committee", (SALES, Role.AUDIT_MANAGER, COMMITTEE, GM)),
        ("route.price_authority", "table", (SALES, COMMITTEE, GM)),
        ("route.contract", "manager", (Role.PRODUCTION, SALES)),
        ("route.non_cash_shipment", "within", (SALES, GM)),
        ("complaint.grumble_decider", "other", (SALES, QUALITY, Role.PRODUCTION, GM)),
    ],
)
def test_a_route_may_be_longer_than_the_manuals(key: str, band: str, longer: Sequence[Role]) -> None:
    assert accepted(POLICIES[key], band, longer)
