"""Reading one product with its history."""

from uuid import UUID

from fangxing.database import Reader, Tx
from fangxing.work import Work
from pricing_svc.products.shapes import ProductDetail
from pricing_svc.products.store import product_row, record_rows


async def read_product(connection: Reader | Tx, product_id: UUID) -> ProductDetail:
    """One product; raises `product-not-found`."""
    return ProductDetail.show(await product_row(connection, product_id), await record_rows(connection, product_id))


async def read_changed(work: Work, product_id: UUID) -> ProductDetail:
    """The product as the unit of work leaves it."""
    await work.tx.flush()
    return await read_product(work.tx, product_id)
