"""HTTP of the products feature."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.engine import RowMapping

from fangxing.roles import Role
from fangxing.scope import everyone
from fangxing.text import Code, Line, Search
from fangxing.web.access import allow, employees
from fangxing.web.edge import CurrentLook, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.listing import By, Called, File, Is, Listing, ListQuery, Page, Where
from fangxing.work import Look
from pricing_svc.products import recording, registering
from pricing_svc.products.errors import PRODUCT_NOT_FOUND
from pricing_svc.products.rules import Lifecycle
from pricing_svc.products.shapes import ProductDetail, ProductOut, RecordProduction, RegisterProduct
from pricing_svc.products.store import PRODUCT_ROWS, Product, called, record_rows

router = edge_router("products", "/products")


class ProductQuery(ListQuery):
    """What the list of products can be asked; `name` is any part of the name."""

    sort: Annotated[str, By(Product.code, Product.name, Product.family)] = "-id"
    code: Annotated[Code | None, Called(Product.code)] = None
    name: Annotated[Line | None, Where(lambda name: Product.name.contains(name, autoescape=True))] = None
    family: Annotated[Code | None, Is(Product.family)] = None
    lifecycle: Annotated[Lifecycle | None, Is(Product.lifecycle)] = None
    search: Annotated[Search | None, Where(called)] = None


async def _shown(look: Look, rows: Sequence[RowMapping]) -> list[ProductOut]:
    return [ProductOut.show(row) for row in rows]


PRODUCTS = Listing(ProductOut, ProductQuery, PRODUCT_ROWS, id=Product.id, scope=everyone, shape=_shown)


async def _detail(look: Look, product_id: UUID) -> ProductDetail:
    product = await PRODUCTS.one(look, product_id, PRODUCT_NOT_FOUND(product=product_id))
    return ProductDetail.with_history(product, await record_rows(look.reader, product_id))


@router.post("", status_code=201)
@allow(Role.PRODUCTION)
async def register_product(body: RegisterProduct, work: CurrentWork) -> ProductDetail:
    """Register a product."""
    product = await registering.register_product(work, body)
    return await _detail(await work.look(), product.id)


@router.get("")
@employees()
async def list_products(look: CurrentLook, query: Annotated[ProductQuery, Query()]) -> Page[ProductOut] | File:
    """Products, newest first."""
    return await PRODUCTS.page(look, query)


@router.get("/{product_id}")
@employees()
async def get_product(product_id: UUID, look: CurrentLook) -> ProductDetail:
    """One product with its history."""
    return await _detail(look, product_id)


@router.post("/{product_id}/production-records", status_code=201)
@allow(Role.PRODUCTION)
async def record_production(product_id: UUID, body: RecordProduction, work: CurrentWork) -> ProductDetail:
    """Record samples, a trial, mass production or a stop; the lifecycle follows."""
    await recording.record_production(work, product_id, body)
    return await _detail(await work.look(), product_id)
