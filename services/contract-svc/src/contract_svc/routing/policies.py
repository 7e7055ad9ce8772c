"""Policies of the routing: the route of each band, and when the general manager signs."""

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator

from contract_svc.reference.reasons import filled, role_names
from contract_svc.routing.reasons import BANDS, LACKS, ONCE
from contract_svc.routing.rules import DECIDERS, NEEDED
from fangxing.money import YuanOrZero
from fangxing.policies import Policy
from fangxing.roles import Role
from fangxing.text import Text
from fangxing.validation import invalid


def _without_gaps(routes: dict[str, list[Role]]) -> dict[str, list[Role]]:
    if routes.keys() != NEEDED.keys():
        raise invalid("route-bands", BANDS, bands=", ".join(NEEDED))
    for band, needed in NEEDED.items():
        roles = routes[band]
        if missing := [role for role in needed if role not in roles]:
            raise invalid("route-incomplete", filled(LACKS, missing=role_names(missing)), band=band)
        if len(roles) != len(set(roles)) or not set(roles) <= set(DECIDERS):
            raise invalid("route-roles", filled(ONCE, deciders=role_names(DECIDERS)), band=band)
    return routes


ROUTES: Policy[dict[str, list[Role]]] = Policy(
    key="route.contract",
    type=Annotated[dict[str, list[Role]], AfterValidator(_without_gaps)],
    owner=Role.GENERAL_MANAGER,
    clause="1-3.9",
    text=Text("销售合同的审批路线，按所需签字人", "the approval routes of contracts, by who has to sign"),
    initial={band: list(roles) for band, roles in NEEDED.items()},
)

MANAGER_LIMIT: Policy[Decimal] = Policy(
    key="contract.sales_manager_limit",
    type=YuanOrZero,
    owner=Role.GENERAL_MANAGER,
    clause="4-4.2.1",
    text=Text(
        "销售经理可签合同的最高总价（元，含）；未设定则一律由总经理签字",
        "the highest total in yuan, inclusive, that the sales manager signs; without a value the general manager does",
    ),
    initial=Decimal("100000.00"),
)

GM_SIGNS_ALL_REGULAR: Policy[bool] = Policy(
    key="contract.gm_signs_all_regular",
    type=bool,
    owner=Role.GENERAL_MANAGER,
    clause="4-4.2.1",
    text=Text(
        "总经理签所有常规合同（条文字面解释）",
        "the general manager signs every regular contract (the literal reading)",
    ),
    initial=False,
)

GM_SIGNS_IRREGULAR: Policy[bool] = Policy(
    key="contract.gm_signs_irregular",
    type=bool,
    owner=Role.GENERAL_MANAGER,
    clause="4-4.2.1",
    text=Text("总经理签所有非常规合同", "the general manager signs every irregular contract"),
    initial=False,
)

POLICIES = (ROUTES, MANAGER_LIMIT, GM_SIGNS_ALL_REGULAR, GM_SIGNS_IRREGULAR)
