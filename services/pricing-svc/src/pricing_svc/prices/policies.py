"""Policies of the prices feature. None of them is a price: a base price comes from an approved proposal alone."""

from typing import Annotated, Literal

from pydantic import AfterValidator, StrictBool

from fangxing.policies import Policy
from fangxing.roles import Role
from fangxing.text import Text
from fangxing.validation import invalid
from pricing_svc.routes import GmRoute

COMMITTEE: Policy[bool] = Policy(
    key="price_change.committee",
    type=StrictBool,
    owner=Role.GENERAL_MANAGER,
    clause="1-3.8",
    text=Text("调整基准价格是否须经价格委员会", "whether a change of a base price goes through the price committee"),
    initial=True,
)


_COMMITTEE_MISSING = Text(
    "with_committee 须包含价格委员会 price_committee（1-3.8）", "with_committee must name price_committee (1-3.8)"
)


def _committee_sits(routes: dict[str, list[Role]]) -> dict[str, list[Role]]:
    if Role.PRICE_COMMITTEE not in routes.get("with_committee", [Role.PRICE_COMMITTEE]):
        raise invalid("route-without-committee", _COMMITTEE_MISSING)
    return routes


PRICE_CHANGE_ROUTES: Policy[dict[str, list[Role]]] = Policy(
    key="route.price_change",
    type=Annotated[
        dict[Literal["with_committee", "without_committee"], GmRoute],
        AfterValidator(_committee_sits),
    ],
    owner=Role.GENERAL_MANAGER,
    clause="1-3.8",
    text=Text(
        "基准价格调整的审批路线：经委员会、不经委员会",
        "the approval routes of base price changes: with and without the committee",
    ),
    initial={
        "with_committee": [Role.SALES_MANAGER, Role.PRICE_COMMITTEE, Role.GENERAL_MANAGER],
        "without_committee": [Role.SALES_MANAGER, Role.GENERAL_MANAGER],
    },
)

NEW_PRODUCT_ROUTES: Policy[dict[str, list[Role]]] = Policy(
    key="route.new_product_price",
    type=dict[Literal["new_product"], GmRoute],
    owner=Role.GENERAL_MANAGER,
    clause="1-3.7",
    text=Text("新产品定价的审批路线", "the approval route of new product prices"),
    initial={"new_product": [Role.SALES_MANAGER, Role.GENERAL_MANAGER]},
)

POLICIES = (COMMITTEE, PRICE_CHANGE_ROUTES, NEW_PRODUCT_ROUTES)
