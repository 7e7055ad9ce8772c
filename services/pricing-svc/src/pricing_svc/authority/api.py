"""HTTP of the authority feature."""

from datetime import date
from uuid import UUID

from fangxing.money import PositiveYuan
from fangxing.roles import Role
from fangxing.text import Code
from fangxing.web.access import allow
from fangxing.web.deciding import Decide
from fangxing.web.edge import CurrentReader, CurrentRuntime, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.paging import After, Limit, Page, Sort, page
from pricing_svc.approval.rules import DECIDERS
from pricing_svc.authority import deciding, drafting
from pricing_svc.authority.reading import read_authorities, read_changed, read_level, read_table, read_tables
from pricing_svc.authority.rules import Status
from pricing_svc.authority.shapes import AuthorityOut, DraftTable, PriceLevel, TableOut
from pricing_svc.authority.store import TABLES, AuthorityTable, tables_on
from pricing_svc.prices.access import READERS

router = edge_router("price-authority")

_SORTS = {"family": AuthorityTable.family, "status": AuthorityTable.status}


@router.post("/authority-tables", status_code=201)
@allow(Role.SALES_MANAGER)
async def draft_table(body: DraftTable, work: CurrentWork) -> TableOut:
    """Draft a family's table; it goes to the committee and the GM."""
    return await read_changed(work, await drafting.draft_table(work, body))


@router.get("/authority-tables")
@allow(*READERS)
async def list_tables(
    reader: CurrentReader,
    family: Code | None = None,
    status: Status | None = None,
    sort: Sort = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[TableOut]:
    """All authority tables, newest first."""
    statement = TABLES
    for column, wanted in ((AuthorityTable.family, family), (AuthorityTable.status, status)):
        if wanted is not None:
            statement = statement.where(column == wanted)
    found = await page(reader, statement, dict, sorts=_SORTS, id=AuthorityTable.id, sort=sort, after=after, limit=limit)
    return Page(items=await read_tables(reader, found.items), next=found.next)


@router.get("/authority-tables/{table_id}")
@allow(*READERS)
async def get_table(table_id: UUID, reader: CurrentReader) -> TableOut:
    """One table; `approval.hash` is what a decision has to name."""
    return await read_table(reader, table_id)


@router.post("/authority-tables/{table_id}/decisions")
@allow(*DECIDERS)
async def decide(table_id: UUID, body: Decide, work: CurrentWork) -> TableOut:
    """Decide the current step."""
    table = await deciding.decide(work, table_id, body.decision, seen_hash=body.seen_hash, comment=body.comment)
    return await read_changed(work, table)


@router.get("/price-authority")
@allow(*READERS)
async def authority_in_force(
    reader: CurrentReader,
    runtime: CurrentRuntime,
    on: date | None = None,
    family: Code | None = None,
    sort: Sort = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[AuthorityOut]:
    """The tables in force on a day, today by default, by family."""
    statement = tables_on(on or (await runtime.clock.time(reader)).today)
    if family is not None:
        statement = statement.where(AuthorityTable.family == family)
    found = await page(
        reader,
        statement,
        dict,
        sorts=_SORTS,
        id=AuthorityTable.id,
        sort=sort,
        after=after,
        limit=limit,
        default="family",
    )
    return Page(items=await read_authorities(reader, found.items), next=found.next)


@router.get("/price-level")
@allow(*READERS)
async def price_level(
    reader: CurrentReader, runtime: CurrentRuntime, product_id: UUID, price: PositiveYuan, on: date | None = None
) -> PriceLevel:
    """Who decides at `price` on a day, today by default (3-8.2-A)."""
    return await read_level(reader, product_id, price, on or (await runtime.clock.time(reader)).today)
