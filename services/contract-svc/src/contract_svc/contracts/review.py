"""What each reviewer of a contract must look at (4-3). It is shown to him and stands in the content he signs."""

from dataclasses import dataclass

from fangxing.clauses import clause
from fangxing.roles import Role
from fangxing.text import Text


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to look at."""

    slug: str
    text: Text


_QUANTITY = Point("quantity", Text("订货量", "the quantity ordered"))
_CUSTOMER = Point("customer", Text("客户", "the customer"))
_PRICE = Point("price", Text("订货价格及定价权限", "the price, and whose authority covers it"))
_SUPPLY = Point("supply", Text("常规产品的可供货能力", "whether the regular goods can be supplied"))
_TERMS = Point("terms", Text("付款条件", "the payment terms"))
_TOTAL = Point("total", Text("超出销售部审批范围的部分", "what goes beyond the sales department's authority"))

_BY_ROLE: dict[Role, tuple[Point, ...]] = {
    Role.SALES_MANAGER: (_QUANTITY, _CUSTOMER, _PRICE, _SUPPLY),
    Role.FINANCE_MANAGER: (_TERMS,),
    Role.GENERAL_MANAGER: (_TOTAL, _PRICE),
    Role.PRODUCTION: (_SUPPLY,),
}


@clause("4-3")
def points_for(role: Role) -> list[dict[str, object]]:
    """The points `role` reviews, in plain JSON with both languages."""
    return [
        {"point": point.slug, "text": {"zh-CN": point.text.zh, "en": point.text.en}} for point in _BY_ROLE.get(role, ())
    ]
