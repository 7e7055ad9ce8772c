"""HTTP of the authority feature."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Select, select
from sqlalchemy.engine import RowMapping

from fangxing import approvals
from fangxing.database import Reader, Tx
from fangxing.errors import ErrorType, Kind
from fangxing.money import Percent, PositiveYuan, Yuan
from fangxing.roles import Role
from fangxing.text import Code
from fangxing.web.access import allow
from fangxing.web.deciding import Decide
from fangxing.web.edge import CurrentReader, CurrentRuntime, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.paging import After, Limit, Page, Sort, page
from pricing_svc.authority import service
from pricing_svc.authority.rules import Band, BandRole, Level, SalesPrice, StandardPrice, level_of
from pricing_svc.authority.store import AuthorityTable, BandRow, version_on
from pricing_svc.prices.rules import Status as PriceStatus
from pricing_svc.prices.store import BasePrice
from pricing_svc.prices.store import version_on as price_version_on
from pricing_svc.products.service import PRODUCT_NOT_FOUND
from pricing_svc.products.store import Product
from pricing_svc.readers import READERS
from pricing_svc.routes import DECIDERS

router = edge_router("price-authority")

Status = Literal["pending", "approved", "rejected", "returned"]

NO_BASE_PRICE = ErrorType(
    "no-base-price",
    Kind.CONFLICT,
    "该产品在 {day} 没有基准价格",
    "The product has no base price on {day}",
    clause="3-5.1",
)


class BandIn(BaseModel):
    """A role's band: percent of the base price, 0 to 100, below and above it."""

    model_config = ConfigDict(extra="forbid")
    role: BandRole
    percent_below: Percent
    percent_above: Percent


class DraftTable(BaseModel):
    """A price authority table of one product family."""

    model_config = ConfigDict(extra="forbid")
    family: Code
    effective_from: date | None = None
    bands: Annotated[list[BandIn], Field(max_length=10)]


class BandOut(BaseModel):
    """A role's band, in percent of the base price, both edges included."""

    role: BandRole
    percent_below: Percent
    percent_above: Percent


class AuthorityOut(BaseModel):
    """An authority table; `version` is null until the GM approved it."""

    id: UUID
    family: str
    version: int | None
    effective_from: date | None
    drafted_by: str
    drafted_at: datetime
    status: Status
    bands: list[BandOut]


class TableOut(AuthorityOut):
    """An authority table with its approval."""

    approval: dict[str, Any] | None


class PriceLevel(BaseModel):
    """Who decides at a price on a day, and what that follows from; yuan per ton incl. tax."""

    level: Level
    price: Yuan
    base_price: Yuan
    price_version: int
    status: PriceStatus
    authority_version: int | None
    bands: list[BandOut]


_COLUMNS = select(AuthorityTable.__table__)


@router.post("/authority-tables", status_code=201)
@allow(Role.SALES_MANAGER)
async def draft_table(body: DraftTable, work: CurrentWork) -> TableOut:
    """Draft a family's table; it goes to the committee and the GM."""
    bands = [Band(band.role, band.percent_below, band.percent_above) for band in body.bands]
    table = await service.draft(work, family=body.family, bands=bands, effective_from=body.effective_from)
    return await _changed(work, table)


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
    found = await _page(reader, _filtered(_COLUMNS, family, status), "-id", sort, after, limit)
    cases = await approvals.read_latest(reader, [_document(row) for row in found.items])
    bands = await _bands(reader, found.items)
    return Page(
        items=[TableOut(**_plain(row, bands), approval=cases.get(_document(row))) for row in found.items],
        next=found.next,
    )


@router.get("/authority-tables/{table_id}")
@allow(*READERS)
async def get_table(table_id: UUID, reader: CurrentReader) -> TableOut:
    """One table; `approval.hash` is what a decision has to name."""
    row = (await reader.execute(_COLUMNS.where(AuthorityTable.id == table_id))).mappings().first()
    if row is None:
        raise service.TABLE_NOT_FOUND(table=table_id)
    cases = await approvals.read_latest(reader, [_document(row)])
    return TableOut(**_plain(row, await _bands(reader, [row])), approval=cases.get(_document(row)))


@router.post("/authority-tables/{table_id}/decisions")
@allow(*DECIDERS)
async def decide(table_id: UUID, body: Decide, work: CurrentWork) -> TableOut:
    """Decide the current step."""
    table = await service.decide(work, table_id, body.decision, seen_hash=body.seen_hash, comment=body.comment)
    return await _changed(work, table)


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
    day = on or (await runtime.clock.time(reader)).today
    statement = _filtered(_COLUMNS, family, None).where(AuthorityTable.version == version_on(day))
    found = await _page(reader, statement, "family", sort, after, limit)
    bands = await _bands(reader, found.items)
    return Page(items=[AuthorityOut(**_plain(row, bands)) for row in found.items], next=found.next)


@router.get("/price-level")
@allow(*READERS)
async def price_level(
    reader: CurrentReader, runtime: CurrentRuntime, product_id: UUID, price: PositiveYuan, on: date | None = None
) -> PriceLevel:
    """Who decides at `price` on a day, today by default (3-8.2-A)."""
    day = on or (await runtime.clock.time(reader)).today
    base = await _base_price(reader, product_id, day)
    statement = _COLUMNS.where(AuthorityTable.family == base["family"], AuthorityTable.version == version_on(day))
    table = (await reader.execute(statement)).mappings().first()
    bands = (await _bands(reader, [table])).get(table["id"], []) if table else []
    level = level_of(
        SalesPrice(price),
        StandardPrice(base["price"]),
        base["status"],
        [Band(band.role, band.percent_below, band.percent_above) for band in bands],
    )
    return PriceLevel(
        level=level,
        price=price,
        base_price=base["price"],
        price_version=base["version"],
        status=base["status"],
        authority_version=table["version"] if table else None,
        bands=bands,
    )


async def _base_price(reader: Reader, product_id: UUID, day: date) -> RowMapping:
    version = price_version_on(day)
    statement = (
        select(Product.family, BasePrice.price, BasePrice.status, BasePrice.version)
        .select_from(Product)
        .outerjoin(BasePrice, (BasePrice.product_id == Product.id) & (BasePrice.version == version))
        .where(Product.id == product_id)
    )
    row = (await reader.execute(statement)).mappings().first()
    if row is None:
        raise PRODUCT_NOT_FOUND(product=product_id)
    if row["price"] is None:
        raise NO_BASE_PRICE(day=day.isoformat())
    return row


def _filtered(statement: Select[Any], family: str | None, status: str | None) -> Select[Any]:
    if family is not None:
        statement = statement.where(AuthorityTable.family == family)
    if status is not None:
        statement = statement.where(AuthorityTable.status == status)
    return statement


async def _page(
    reader: Reader, statement: Select[Any], default: str, sort: str | None, after: str | None, limit: int
) -> Page[dict[str, Any]]:
    return await page(
        reader,
        statement,
        dict,
        sorts={"family": AuthorityTable.family, "status": AuthorityTable.status},
        id=AuthorityTable.id,
        sort=sort,
        after=after,
        limit=limit,
        default=default,
    )


def _document(row: RowMapping | dict[str, Any]) -> str:
    return f"authority-table/{row['id']}"


async def _bands(connection: Reader | Tx, rows: list[Any]) -> dict[UUID, list[BandOut]]:
    found = await connection.execute(
        select(BandRow.__table__).where(BandRow.table_id.in_([row["id"] for row in rows])).order_by(BandRow.role)
    )
    bands: dict[UUID, list[BandOut]] = {}
    for row in found.mappings():
        plain = {name: row[name] for name in BandOut.model_fields}
        bands.setdefault(row["table_id"], []).append(BandOut.model_validate(plain))
    return bands


def _plain(row: RowMapping | dict[str, Any], bands: dict[UUID, list[BandOut]]) -> dict[str, Any]:
    plain = {name: row[name] for name in AuthorityOut.model_fields if name != "bands"}
    return {**plain, "bands": bands.get(row["id"], [])}


async def _changed(work: CurrentWork, table: AuthorityTable) -> TableOut:
    await work.tx.flush()
    row = (await work.tx.execute(_COLUMNS.where(AuthorityTable.id == table.id))).mappings().one()
    cases = await approvals.latest(work.tx, [table.document])
    return TableOut(**_plain(row, await _bands(work.tx, [row])), approval=cases[table.document])
