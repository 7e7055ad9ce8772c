"""Reading authority tables with their bands and approvals, and who decides at a price."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from fangxing import approvals
from fangxing.database import Reader
from fangxing.work import Look
from pricing_svc.authority.rules import SalesPrice, StandardPrice, level_of
from pricing_svc.authority.shapes import AuthorityOut, FloatBand, PriceLevel, TableOut
from pricing_svc.authority.store import AuthorityTable, bands_of, row_in_force
from pricing_svc.prices.store import price_on
from pricing_svc.tables import Row


async def read_authorities(look: Look, rows: Sequence[Row]) -> list[AuthorityOut]:
    """The tables of `rows` with their bands."""
    bands = await bands_of(look.reader, [row["id"] for row in rows])
    return [AuthorityOut.show(row, bands[row["id"]]) for row in rows]


async def read_tables(look: Look, rows: Sequence[Row]) -> list[TableOut]:
    """The tables of `rows` with their bands and approvals."""
    cases = await approvals.read_latest(look.reader, [AuthorityTable.named(row["id"]) for row in rows])
    tables = await read_authorities(look, rows)
    return [TableOut.with_approval(table, cases[AuthorityTable.named(table.id)]) for table in tables]


async def read_level(reader: Reader, product_id: UUID, price: Decimal, day: date) -> PriceLevel:
    """Who decides at `price` on `day` (3-8.2-A); raises `product-not-found` or `no-base-price`."""
    base = await price_on(reader, product_id, day)
    table = await row_in_force(reader, base["family"], day)
    bands = (await bands_of(reader, [table["id"]]))[table["id"]] if table else []
    return PriceLevel(
        level=level_of(SalesPrice(price), StandardPrice(base["base_price"]), base["status"], bands),
        price=price,
        base_price=base["base_price"],
        price_version=base["price_version"],
        status=base["status"],
        authority_version=table["version"] if table else None,
        bands=[FloatBand.show(band) for band in bands],
    )
