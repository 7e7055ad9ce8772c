"""Policies of the customers' files."""

from fangxing.roles import Role
from fangxing.routes import route_policy
from fangxing.text import Text

IMPORT_ROUTE = route_policy(
    "route.customer_import",
    clause="1-3",
    text=Text("批量导入客户的确认路线", "who confirms that customers are imported"),
    deciders=[Role.FINANCE_MANAGER, Role.GENERAL_MANAGER],
    routes={"customers": [Role.FINANCE_MANAGER]},
)

POLICIES = (IMPORT_ROUTE,)
