"""Policies of the routing: the route of each band, and when the general manager signs."""

from decimal import Decimal

from contract_svc.routing.rules import DECIDER, DECIDERS, NEEDED, Band
from fangxing.money import YuanOrZero
from fangxing.policies import Policy
from fangxing.roles import Role
from fangxing.routes import route_policy
from fangxing.text import Text

ROUTES = route_policy(
    "route.contract",
    clause="1-3.9",
    text=Text("销售合同的审批路线，按所需签字人", "the approval routes of contracts, by who has to sign"),
    deciders=DECIDERS,
    routes=NEEDED,
    decider=DECIDER,
    ends={Band.MANAGER_FINANCE: NEEDED[Band.MANAGER_FINANCE]},
)

MANAGER_LIMIT: Policy[Decimal] = Policy(
    key="contract.sales_manager_limit",
    type=YuanOrZero,
    # the manual's 100,000 is the general manager's word already: more takes another one to ask for it
    owner=Role.FINANCE_MANAGER,
    clause="4-4.2.1",
    text=Text(
        "销售经理可签合同的最高总价（元，含）；未设定则一律由总经理签字",
        "the highest total in yuan, inclusive, that the sales manager signs; without a value the general manager does",
    ),
    initial=Decimal("100000.00"),
    widens=True,
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
    widens=True,
)

GM_SIGNS_IRREGULAR: Policy[bool] = Policy(
    key="contract.gm_signs_irregular",
    type=bool,
    owner=Role.GENERAL_MANAGER,
    clause="4-4.2.1",
    text=Text("总经理签所有非常规合同", "the general manager signs every irregular contract"),
    initial=False,
    widens=True,
)

POLICIES = (ROUTES, MANAGER_LIMIT, GM_SIGNS_ALL_REGULAR, GM_SIGNS_IRREGULAR)
