"""Policies of the proposals feature. None of them is a price: a base price comes from an approved proposal alone."""

from typing import Annotated, Literal

from pydantic import AfterValidator, StrictBool

from fangxing.policies import Policy
from fangxing.roles import Role
from fangxing.text import Text
from fangxing.validation import invalid
from pricing_svc.approval.routing import GmRoute
from pricing_svc.products.rules import Flow
from pricing_svc.proposals.reasons import COMMITTEE_MISSING
from pricing_svc.proposals.rules import RouteBand, committee_sits

COMMITTEE: Policy[bool] = Policy(
    key="price_change.committee",
    type=StrictBool,
    owner=Role.GENERAL_MANAGER,
    clause="1-3.8",
    text=Text("调整基准价格是否须经价格委员会", "whether a change of a base price goes through the price committee"),
    initial=True,
)


def _committee_sits(routes: dict[RouteBand, list[Role]]) -> dict[RouteBand, list[Role]]:
    route = routes.get(RouteBand.WITH_COMMITTEE)
    if route is not None and not committee_sits(route):
        raise invalid("route-without-committee", COMMITTEE_MISSING)
    return routes


PRICE_CHANGE_ROUTES: Policy[dict[str, list[Role]]] = Policy(
    key="route.price_change",
    type=Annotated[dict[RouteBand, GmRoute], AfterValidator(_committee_sits)],
    owner=Role.GENERAL_MANAGER,
    clause="1-3.8",
    text=Text(
        "基准价格调整的审批路线：经委员会、不经委员会",
        "the approval routes of base price changes: with and without the committee",
    ),
    initial={
        RouteBand.WITH_COMMITTEE: [Role.SALES_MANAGER, Role.PRICE_COMMITTEE, Role.GENERAL_MANAGER],
        RouteBand.WITHOUT_COMMITTEE: [Role.SALES_MANAGER, Role.GENERAL_MANAGER],
    },
)

NEW_PRODUCT_ROUTES: Policy[dict[str, list[Role]]] = Policy(
    key="route.new_product_price",
    type=dict[Literal[Flow.NEW_PRODUCT], GmRoute],
    owner=Role.GENERAL_MANAGER,
    clause="1-3.7",
    text=Text("新产品定价的审批路线", "the approval route of new product prices"),
    initial={Flow.NEW_PRODUCT: [Role.SALES_MANAGER, Role.GENERAL_MANAGER]},
)

POLICIES = (COMMITTEE, PRICE_CHANGE_ROUTES, NEW_PRODUCT_ROUTES)
