"""What is said about a route that does not hold."""

from fangxing.text import Text
from pricing_svc.approval.rules import RouteFault

ROUTE_FAULTS = {
    RouteFault.WITHOUT_GM: Text("最后一步须为总经理（3-7.2）", "the last step must be the general manager (3-7.2)"),
    RouteFault.ROLES: Text(
        "每一步须为权责表中的一个岗位，不得重复", "each step names another role of the authority matrix"
    ),
}
