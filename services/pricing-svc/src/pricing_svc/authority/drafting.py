"""Drafting a family's price authority table, revising a returned one: it goes to the committee and the GM (3-8.2-A)."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from fangxing import approvals
from fangxing.documents import born, lock_for
from fangxing.ids import new_id
from fangxing.verdicts import plain
from fangxing.work import Work
from pricing_svc.approval.errors import EFFECTIVE_IN_PAST
from pricing_svc.approval.rules import backdated
from pricing_svc.authority.errors import BANDS_FAULTY, FAMILY_UNKNOWN
from pricing_svc.authority.policies import AUTHORITY_ROUTES
from pricing_svc.authority.reasons import case_title
from pricing_svc.authority.rules import AuthorityAction, AuthorityStatus, Band, RouteBand, lint
from pricing_svc.authority.shapes import DraftTable, ReviseTable
from pricing_svc.authority.store import (
    AuthorityTable,
    BandRow,
    bands_of,
    keep_family,
    row_in_force,
    write_as_only_in_approval,
)
from pricing_svc.products.store import family_exists


async def draft_table(work: Work, body: DraftTable) -> AuthorityTable:
    """Draft a family's authority table and send it to the committee and the GM.

    Raises `bands-missing`, `bands-twice`, `bands-gap`, `effective-in-past`, `family-unknown` or
    `authority-table-in-approval`.
    """
    _check(body, work.today)
    if not await family_exists(work, body.family):
        raise FAMILY_UNKNOWN(family=body.family)
    await keep_family(work, body.family)
    table = AuthorityTable(
        id=new_id(), family=body.family, version=None, author=work.actor.id, created_at=work.now, bands=[]
    )
    work.tx.add(table)
    await born(work, table, AuthorityAction.DRAFT)
    await _give_to_deciders(work, table, body)
    return table


async def revise_table(work: Work, table_id: UUID, body: ReviseTable) -> AuthorityTable:
    """Send a returned table to the committee and the GM again, its route frozen anew.

    Raises `authority-table-not-found`, `wrong-state`, and what `draft_table` raises but for the family.
    """
    table = await lock_for(work, AuthorityTable, table_id, AuthorityAction.REVISE)
    _check(body, work.today)
    await _give_to_deciders(work, table, body)
    return table


def _check(body: ReviseTable, today: date) -> None:
    fault = lint([Band(band.role, band.percent_below, band.percent_above) for band in body.bands])
    if fault is not None:
        raise BANDS_FAULTY[fault]()
    if backdated(body.effective_from, today):
        raise EFFECTIVE_IN_PAST()


async def _give_to_deciders(work: Work, table: AuthorityTable, body: ReviseTable) -> None:
    table.status, table.effective_from = AuthorityStatus.IN_APPROVAL, body.effective_from
    table.bands = [
        BandRow(role=band.role, percent_below=band.percent_below, percent_above=band.percent_above)
        for band in sorted(body.bands, key=lambda band: band.role)
    ]
    await write_as_only_in_approval(work)
    await approvals.submit(
        work,
        table,
        matter="price_authority",
        content={
            "table": str(table.id),
            "family": table.family,
            "effective_from": plain(table.effective_from),
            "bands": _plain_bands(table.bands),
            "in_force": await _in_force(work, table.family),
        },
        route=await approvals.route_of(work, AUTHORITY_ROUTES, RouteBand.TABLE),
        title=case_title(table.family),
    )


async def _in_force(work: Work, family: str) -> dict[str, object] | None:
    row = await row_in_force(work.tx, family, work.today)
    if row is None:
        return None
    bands = await bands_of(work.tx, [row["id"]])
    return {"version": row["version"], "bands": _plain_bands(bands[row["id"]])}


def _plain_bands(bands: Iterable[Band | BandRow]) -> list[dict[str, object]]:
    return [
        {
            "role": band.role,
            "percent_below": plain(band.percent_below),
            "percent_above": plain(band.percent_above),
        }
        for band in bands
    ]
