"""Deciding an authority table; with the GM's yes it becomes the family's next version (3-8.2-A)."""

from uuid import UUID

from fangxing import approvals
from fangxing.approvals import CaseStatus, Decide
from fangxing.documents import lock_for
from fangxing.outbox import record_fact
from fangxing.work import Work
from pricing_svc.approval.rules import takes_effect
from pricing_svc.authority.events import AuthorityBand, PriceAuthorityChanged
from pricing_svc.authority.rules import AuthorityAction, AuthorityStatus
from pricing_svc.authority.store import AuthorityTable, lock_family


async def decide(work: Work, table_id: UUID, body: Decide) -> AuthorityTable:
    """Decide the current step; with the GM's yes the table holds from its day on.

    Raises `authority-table-not-found`, `wrong-state` and what `approvals.decide_on` raises.
    """
    table = await lock_for(work, AuthorityTable, table_id, AuthorityAction.DECIDE)
    case = await approvals.decide_on(work, table, body)
    if case.status is CaseStatus.APPROVED:
        await _put_in_force(work, table)
    elif case.status is not CaseStatus.OPEN:
        table.status = AuthorityStatus(case.status)
    return table


async def _put_in_force(work: Work, table: AuthorityTable) -> None:
    family = await lock_family(work, table.family)
    family.versions += 1
    table.status, table.version = AuthorityStatus.APPROVED, family.versions
    table.effective_from = takes_effect(table.effective_from, work.today)
    event = PriceAuthorityChanged(
        family=table.family,
        version=table.version,
        effective_from=table.effective_from,
        bands=[
            AuthorityBand(role=band.role, percent_below=band.percent_below, percent_above=band.percent_above)
            for band in table.bands
        ],
    )
    record_fact(work, event, about=family, key=table.family)
