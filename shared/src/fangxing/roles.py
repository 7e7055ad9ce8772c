"""The roles of the manual's authority matrix 销售权限表 (clause 1-3)."""

from collections.abc import Iterable
from enum import StrEnum

from fangxing.text import Text


class Role(StrEnum):
    """Who a person is in the factory; one person may hold several."""

    SALES_REP = "sales_rep"
    SALES_MANAGER = "sales_manager"
    GENERAL_MANAGER = "general_manager"
    FINANCE_MANAGER = "finance_manager"
    ACCOUNTANT = "accountant"
    PRODUCTION = "production"
    QUALITY = "quality"
    AUDIT_MANAGER = "audit_manager"
    PRICE_COMMITTEE = "price_committee"
    WAREHOUSE_KEEPER = "warehouse_keeper"
    WAREHOUSE_SUPERVISOR = "warehouse_supervisor"
    QUALITY_SUPERVISOR = "quality_supervisor"
    GATE_GUARD = "gate_guard"
    DEPARTMENT_MANAGER = "department_manager"
    ADMINISTRATOR = "administrator"


ROLE_NAMES: dict[Role, tuple[str, str]] = {
    Role.SALES_REP: ("销售专员", "sales rep"),
    Role.SALES_MANAGER: ("销售经理", "sales manager"),
    Role.GENERAL_MANAGER: ("总经理", "general manager"),
    Role.FINANCE_MANAGER: ("财务部经理", "finance manager"),
    Role.ACCOUNTANT: ("会计", "accountant"),
    Role.PRODUCTION: ("生产部", "production"),
    Role.QUALITY: ("品质部", "quality"),
    Role.AUDIT_MANAGER: ("审计督察部经理", "audit manager"),
    Role.PRICE_COMMITTEE: ("价格委员会", "price committee member"),
    Role.WAREHOUSE_KEEPER: ("仓管员", "warehouse keeper"),
    Role.WAREHOUSE_SUPERVISOR: ("仓库主管", "warehouse supervisor"),
    Role.QUALITY_SUPERVISOR: ("质量主管", "quality supervisor"),
    Role.GATE_GUARD: ("门卫", "gate guard"),
    Role.DEPARTMENT_MANAGER: ("相关部门经理", "department manager"),
    Role.ADMINISTRATOR: ("管理员", "administrator"),
}

MONEY_ROLES = frozenset(
    {
        Role.SALES_REP,
        Role.SALES_MANAGER,
        Role.GENERAL_MANAGER,
        Role.FINANCE_MANAGER,
        Role.ACCOUNTANT,
        Role.AUDIT_MANAGER,
        Role.ADMINISTRATOR,
    }
)
"""Those whose work needs prices, limits, exposure and values."""


def spoken_roles(roles: Iterable[Role]) -> Text:
    """The names of `roles`, as people say them."""
    names = [ROLE_NAMES[role] for role in sorted(roles)]
    return Text("、".join(zh for zh, _ in names), ", ".join(en for _, en in names))
