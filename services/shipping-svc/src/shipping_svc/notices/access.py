"""Who reads notices: everybody in the chain from the order to the gate; a rep those of his customers."""

from typing import Any

from sqlalchemy import ColumnElement

from fangxing import approvals
from fangxing.auth import Principal
from fangxing.database import Tx
from fangxing.roles import Role
from shipping_svc.notices.store import Notice
from shipping_svc.reference.access import MONEY, of_customers_of

READERS = (
    *sorted(MONEY.roles - {Role.ADMINISTRATOR}),
    Role.WAREHOUSE_KEEPER,
    Role.WAREHOUSE_SUPERVISOR,
    Role.QUALITY,
    Role.QUALITY_SUPERVISOR,
    Role.GATE_GUARD,
)
"""Yard, gate and quality see the goods without the money."""


def notices_of(actor: Principal) -> ColumnElement[bool]:
    """The condition under which a notice exists for `actor`."""
    return of_customers_of(actor, Notice.customer_id)


async def approval_of(tx: Tx, notice: Notice) -> dict[str, Any] | None:
    """The summary of the notice's newest approval, as things stand in the unit of work."""
    await tx.flush()
    return (await approvals.latest(tx, [notice.document])).get(notice.document)
