"""Policies of the contracts feature."""

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator

from fangxing.money import YuanOrZero
from fangxing.policies import Policy
from fangxing.roles import Role
from fangxing.text import Text
from fangxing.validation import invalid

DECIDERS = (Role.SALES_MANAGER, Role.FINANCE_MANAGER, Role.GENERAL_MANAGER, Role.PRODUCTION)
"""The roles a route may name: the reviewers of 4-3, and production for what it has to supply."""

NEEDED: dict[str, set[Role]] = {
    "manager": {Role.SALES_MANAGER},
    "manager_finance": {Role.SALES_MANAGER, Role.FINANCE_MANAGER},
    "manager_gm": {Role.SALES_MANAGER, Role.GENERAL_MANAGER},
    "manager_finance_gm": {Role.SALES_MANAGER, Role.FINANCE_MANAGER, Role.GENERAL_MANAGER},
}
"""Whom chapter 4 calls for in each band; a route may add to them and put them in another order, never leave one out."""


_BANDS = Text("各栏须为 {bands}", "the bands are {bands}")
_LACKS = Text("{band} 缺少 {missing}", "{band} lacks {missing}")
_ONCE = Text(
    "{band}：{deciders} 各至多一次，不得有其他岗位", "{band}: each of {deciders} at most once, and nobody else"
)


def _without_gaps(routes: dict[str, list[Role]]) -> dict[str, list[Role]]:
    if routes.keys() != NEEDED.keys():
        raise invalid("route-bands", _BANDS, bands=", ".join(NEEDED))
    for band, roles in routes.items():
        if missing := NEEDED[band] - set(roles):
            raise invalid("route-incomplete", _LACKS, band=band, missing=", ".join(sorted(missing)))
        if len(roles) != len(set(roles)) or not set(roles) <= set(DECIDERS):
            raise invalid("route-roles", _ONCE, band=band, deciders=", ".join(DECIDERS))
    return routes


ROUTES: Policy[dict[str, list[Role]]] = Policy(
    key="route.contract",
    type=Annotated[dict[str, list[Role]], AfterValidator(_without_gaps)],
    owner=Role.GENERAL_MANAGER,
    clause="1-3.9",
    text=Text("销售合同的审批路线，按所需签字人", "the approval routes of contracts, by who has to sign"),
    initial={
        "manager": [Role.SALES_MANAGER],
        "manager_finance": [Role.SALES_MANAGER, Role.FINANCE_MANAGER],
        "manager_gm": [Role.SALES_MANAGER, Role.GENERAL_MANAGER],
        "manager_finance_gm": [Role.SALES_MANAGER, Role.FINANCE_MANAGER, Role.GENERAL_MANAGER],
    },
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

CONTRACT_POLICIES = (ROUTES, MANAGER_LIMIT, GM_SIGNS_ALL_REGULAR, GM_SIGNS_IRREGULAR)
