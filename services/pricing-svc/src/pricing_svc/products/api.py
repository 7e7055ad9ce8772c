"""HTTP of the products feature."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.engine import RowMapping

from fangxing.database import Reader, Tx
from fangxing.roles import Role
from fangxing.text import Code, Line
from fangxing.web.access import allow, employees
from fangxing.web.edge import CurrentReader, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.paging import After, Limit, Page, Sort, page
from pricing_svc.products import service
from pricing_svc.products.rules import Flow, Lifecycle, Stage, flow_of
from pricing_svc.products.store import Product, ProductionRecord

router = edge_router("products", "/products")


class OpenProduct(BaseModel):
    """A product to register; null for one that was never mass produced."""

    model_config = ConfigDict(extra="forbid")
    code: Code
    name: Line
    family: Code
    mass_produced_since: date | None = None


class RecordProduction(BaseModel):
    """What production did from a day on."""

    model_config = ConfigDict(extra="forbid")
    stage: Stage
    since: date


class ProductOut(BaseModel):
    """A product; `flow` is the pricing flow its recorded history asks for (3-5)."""

    id: UUID
    code: str
    name: str
    family: str
    lifecycle: Lifecycle
    flow: Flow
    opened_by: str
    opened_at: datetime


class RecordOut(BaseModel):
    """One entry of the production history."""

    number: int
    stage: Stage
    since: date
    recorded_by: str
    recorded_at: datetime


class ProductDetail(ProductOut):
    """A product with its production history, in the order of recording."""

    history: list[RecordOut]


def _plain(row: RowMapping) -> dict[str, object]:
    plain = {name: row[name] for name in ProductOut.model_fields if name != "flow"}
    return {**plain, "flow": flow_of(row["lifecycle"])}


def _shape(row: RowMapping) -> ProductOut:
    return ProductOut.model_validate(_plain(row))


@router.post("", status_code=201)
@allow(Role.PRODUCTION)
async def open_product(body: OpenProduct, work: CurrentWork) -> ProductDetail:
    """Register a product."""
    product = await service.open_product(
        work, code=body.code, name=body.name, family=body.family, mass_produced_since=body.mass_produced_since
    )
    return await _changed(work, product.id)


@router.get("")
@employees()
async def list_products(
    reader: CurrentReader,
    code: Code | None = None,
    name: Line | None = None,
    family: Code | None = None,
    lifecycle: Lifecycle | None = None,
    sort: Sort = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[ProductOut]:
    """Products, newest first; `name` finds any part of the name."""
    statement = select(Product.__table__)
    exact = ((Product.code, code), (Product.family, family), (Product.lifecycle, lifecycle))
    for column, wanted in exact:
        if wanted is not None:
            statement = statement.where(column == wanted)
    if name is not None:
        statement = statement.where(Product.name.contains(name, autoescape=True))
    return await page(
        reader,
        statement,
        _shape,
        sorts={"code": Product.code, "name": Product.name, "family": Product.family},
        id=Product.id,
        sort=sort,
        after=after,
        limit=limit,
    )


@router.get("/{product_id}")
@employees()
async def get_product(product_id: UUID, reader: CurrentReader) -> ProductDetail:
    """One product with its history."""
    return await _detail(reader, product_id)


@router.post("/{product_id}/production-records", status_code=201)
@allow(Role.PRODUCTION)
async def record_production(product_id: UUID, body: RecordProduction, work: CurrentWork) -> ProductDetail:
    """Record samples, a trial, mass production or a stop; the lifecycle follows."""
    await service.record_production(work, product_id, stage=body.stage, since=body.since)
    return await _changed(work, product_id)


async def _changed(work: CurrentWork, product_id: UUID) -> ProductDetail:
    await work.tx.flush()
    return await _detail(work.tx, product_id)


async def _detail(connection: Reader | Tx, product_id: UUID) -> ProductDetail:
    found = await connection.execute(select(Product.__table__).where(Product.id == product_id))
    row = found.mappings().first()
    if row is None:
        raise service.PRODUCT_NOT_FOUND(product=product_id)
    records = await connection.execute(
        select(ProductionRecord.__table__)
        .where(ProductionRecord.product_id == product_id)
        .order_by(ProductionRecord.number)
    )
    history = [{name: entry[name] for name in RecordOut.model_fields} for entry in records.mappings()]
    return ProductDetail.model_validate({**_plain(row), "history": history})
