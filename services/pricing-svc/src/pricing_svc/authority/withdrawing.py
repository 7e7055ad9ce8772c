"""Giving up a price authority table that was returned."""

from uuid import UUID

from fangxing.documents import lock_for
from fangxing.tasks import close_tasks
from fangxing.work import Work
from pricing_svc.authority.rules import AuthorityAction, AuthorityStatus
from pricing_svc.authority.store import AuthorityTable


async def withdraw_table(work: Work, table_id: UUID) -> AuthorityTable:
    """Give a returned table up; raises `authority-table-not-found` or `wrong-state`."""
    table = await lock_for(work, AuthorityTable, table_id, AuthorityAction.WITHDRAW)
    table.status = AuthorityStatus.WITHDRAWN
    await close_tasks(work, table.document)
    return table
