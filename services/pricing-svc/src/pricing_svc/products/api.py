"""HTTP of the products feature."""

from uuid import UUID

from fangxing.roles import Role
from fangxing.text import Code, Line
from fangxing.web.access import allow, employees
from fangxing.web.edge import CurrentReader, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.paging import After, Limit, Page, Sort, page
from pricing_svc.products import recording, registering
from pricing_svc.products.reading import read_changed, read_product
from pricing_svc.products.rules import Lifecycle
from pricing_svc.products.shapes import ProductDetail, ProductOut, RecordProduction, RegisterProduct
from pricing_svc.products.store import PRODUCTS, Product

router = edge_router("products", "/products")


@router.post("", status_code=201)
@allow(Role.PRODUCTION)
async def register_product(body: RegisterProduct, work: CurrentWork) -> ProductDetail:
    """Register a product."""
    product = await registering.register_product(work, body)
    return await read_changed(work, product.id)


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
    statement = PRODUCTS
    exact = ((Product.code, code), (Product.family, family), (Product.lifecycle, lifecycle))
    for column, wanted in exact:
        if wanted is not None:
            statement = statement.where(column == wanted)
    if name is not None:
        statement = statement.where(Product.name.contains(name, autoescape=True))
    return await page(
        reader,
        statement,
        ProductOut.show,
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
    return await read_product(reader, product_id)


@router.post("/{product_id}/production-records", status_code=201)
@allow(Role.PRODUCTION)
async def record_production(product_id: UUID, body: RecordProduction, work: CurrentWork) -> ProductDetail:
    """Record samples, a trial, mass production or a stop; the lifecycle follows."""
    await recording.record_production(work, product_id, body)
    return await read_changed(work, product_id)
