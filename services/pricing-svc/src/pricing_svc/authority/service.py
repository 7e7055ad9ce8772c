"""Use cases of the authority feature: the sales manager drafts, the committee and the GM decide (3-8.2-A)."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.exc import IntegrityError

from fangxing import approvals
from fangxing.approvals import Decision
from fangxing.errors import ErrorType, Kind
from fangxing.ids import new_id
from fangxing.outbox import record_fact
from fangxing.text import Text
from fangxing.verdicts import plain
from fangxing.work import Work
from pricing_svc.authority import rules
from pricing_svc.authority.events import AuthorityBand, PriceAuthorityChanged
from pricing_svc.authority.policies import AUTHORITY_ROUTES
from pricing_svc.authority.store import AuthorityFamily, AuthorityTable, BandRow, version_on
from pricing_svc.prices.errors import EFFECTIVE_IN_PAST
from pricing_svc.prices.rules import takes_effect
from pricing_svc.products.store import Product
from pricing_svc.routes import without_own_step

TABLE_NOT_FOUND = ErrorType(
    "authority-table-not-found", Kind.NOT_FOUND, "没有价格权限表 {table}", "There is no price authority table {table}"
)
FAMILY_UNKNOWN = ErrorType(
    "family-unknown",
    Kind.NOT_FOUND,
    "没有属于产品类别 {family} 的产品",
    "There is no product of the family {family}",
    field="family",
)
TABLE_PENDING = ErrorType(
    "authority-table-pending",
    Kind.CONFLICT,
    "该产品类别已有价格权限表在审批",
    "A price authority table of this family is already with the deciders",
)
BANDS_MISSING = ErrorType(
    "bands-missing",
    Kind.INVALID,
    "销售专员和销售经理都须有浮动权限",
    "Both the sales rep and the sales manager need a band",
    clause="3-8.2-A",
    field="bands",
)
BANDS_TWICE = ErrorType(
    "bands-twice",
    Kind.INVALID,
    "每个角色只能有一个浮动权限",
    "A role can have one band only",
    clause="3-8.2-A",
    field="bands",
)
BANDS_GAP = ErrorType(
    "bands-gap",
    Kind.INVALID,
    "销售经理的权限须比销售专员大，且上下浮动都不能更小",
    "The sales manager's band must be wider than the rep's, and on neither side narrower",
    clause="3-8.2-A",
    field="bands",
)
_FAULTS: dict[rules.Fault, ErrorType] = {"missing": BANDS_MISSING, "twice": BANDS_TWICE, "gap": BANDS_GAP}


async def draft(work: Work, *, family: str, bands: Sequence[rules.Band], effective_from: date | None) -> AuthorityTable:
    """Draft a family's authority table and send it to the committee and the GM.

    Raises `bands-missing`, `bands-twice`, `bands-gap`, `effective-in-past`, `family-unknown` or
    `authority-table-pending`.
    """
    fault = rules.lint(bands)
    if fault is not None:
        raise _FAULTS[fault]()
    if effective_from is not None and effective_from < work.today:
        raise EFFECTIVE_IN_PAST(at="effective_from")
    if await work.tx.scalar(select(Product.id).where(Product.family == family).limit(1)) is None:
        raise FAMILY_UNKNOWN(family=family)
    await work.tx.execute(
        pg_insert(AuthorityFamily).values(family=family, versions=0, facts=0).on_conflict_do_nothing()
    )
    table = AuthorityTable(
        id=new_id(),
        family=family,
        version=None,
        effective_from=effective_from,
        drafted_by=work.actor.id,
        drafted_at=work.now,
        status="pending",
        bands=[
            BandRow(role=band.role, percent_below=band.percent_below, percent_above=band.percent_above)
            for band in sorted(bands, key=lambda band: band.role)
        ],
    )
    work.tx.add(table)
    try:
        await work.tx.flush()
    except IntegrityError as error:
        if "uq_authority_tables_pending" not in str(error.orig):
            raise
        raise TABLE_PENDING() from error
    await _submit(work, table)
    return table


async def _submit(work: Work, table: AuthorityTable) -> None:
    route = await approvals.route_of(work, AUTHORITY_ROUTES, "table")
    in_force = await table_in_force(work, table.family, work.today)
    approvals.submit(
        work,
        matter="price_authority",
        document=table.document,
        content={
            "table": str(table.id),
            "family": table.family,
            "effective_from": plain(table.effective_from),
            "bands": _plain_bands(table),
            "in_force": {"version": in_force.version, "bands": _plain_bands(in_force)} if in_force else None,
        },
        route=without_own_step(route, work.actor.roles),
        title=Text(f"价格权限管理表：{table.family}", f"Price authority table: {table.family}"),
    )


def _plain_bands(table: AuthorityTable) -> list[dict[str, object]]:
    return [
        {
            "role": band.role,
            "percent_below": plain(band.percent_below),
            "percent_above": plain(band.percent_above),
        }
        for band in table.bands
    ]


async def table_in_force(work: Work, family: str, day: date) -> AuthorityTable | None:
    """The family's table in force on `day`: the highest version whose first day has come."""
    in_force = select(AuthorityTable).where(AuthorityTable.family == family, AuthorityTable.version == version_on(day))
    return (await work.tx.scalars(in_force)).first()


async def decide(
    work: Work, table_id: UUID, decision: Decision, *, seen_hash: str, comment: str | None
) -> AuthorityTable:
    """Decide the current step; with the GM's yes the table becomes the family's next version.

    Raises `authority-table-not-found` and what `approvals.decide` raises.
    """
    table = await work.tx.get(AuthorityTable, table_id, with_for_update=True)
    if table is None:
        raise TABLE_NOT_FOUND(table=table_id)
    case = await approvals.open_case(work, table.document)
    await approvals.decide(work, case, decision, seen_hash=seen_hash, comment=comment)
    if case.status == "approved":
        await _approved(work, table)
    elif case.status in ("rejected", "returned"):
        table.status = case.status
    return table


async def _approved(work: Work, table: AuthorityTable) -> None:
    family = await work.tx.get(AuthorityFamily, table.family, with_for_update=True)
    assert family is not None
    family.versions += 1
    table.status, table.version = "approved", family.versions
    table.effective_from = takes_effect(table.effective_from, work.today)
    event = PriceAuthorityChanged(
        family=table.family,
        version=table.version,
        effective_from=table.effective_from,
        bands=[
            AuthorityBand.model_validate(
                {"role": band.role, "percent_below": band.percent_below, "percent_above": band.percent_above}
            )
            for band in table.bands
        ],
    )
    record_fact(work, event, about=family, document=family.document, key=table.family)
