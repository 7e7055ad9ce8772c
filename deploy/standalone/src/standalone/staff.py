"""The demo's users are staff: entered when demo data begin, by the use case that tells all services."""

from datetime import date

from sqlalchemy import select

from customer_svc.organisation.shapes import EnterStaff, TermIn
from customer_svc.organisation.staffing import enter_staff
from customer_svc.organisation.store import Staff
from fangxing.roles import Role
from fangxing.running.service import Runtime
from standalone.identity import demo_users

_SINCE = date(2026, 1, 1)
_DEPARTMENTS = {
    Role.SALES_REP: "销售部",
    Role.SALES_MANAGER: "销售部",
    Role.GENERAL_MANAGER: "总经办",
    Role.FINANCE_MANAGER: "财务部",
    Role.ACCOUNTANT: "财务部",
    Role.PRODUCTION: "生产部",
    Role.QUALITY: "品质部",
    Role.QUALITY_SUPERVISOR: "品质部",
    Role.AUDIT_MANAGER: "审计督察部",
    Role.WAREHOUSE_KEEPER: "仓储部",
    Role.WAREHOUSE_SUPERVISOR: "仓储部",
    Role.GATE_GUARD: "保卫科",
}


async def enter_demo_staff(customer: Runtime) -> None:
    """Enter those of the demo's users in customer-svc who have no record there."""
    async with customer.unit_of_work() as work:
        there = set(await work.tx.scalars(select(Staff.person)))
        for user in demo_users().values():
            if user.username not in there:
                terms = [TermIn(role=role, since=_SINCE) for role in user.roles]
                department = next((_DEPARTMENTS[role] for role in user.roles if role in _DEPARTMENTS), None)
                await enter_staff(
                    work, EnterStaff(person=user.username, name=user.name, department=department, roles=terms)
                )
