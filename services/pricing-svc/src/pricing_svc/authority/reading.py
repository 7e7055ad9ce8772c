"""Reading authority tables, and who decides at a price."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from fangxing import approvals
from fangxing.database import Reader
from fangxing.work import Work
from pricing_svc.authority.rules import SalesPrice, StandardPrice, level_of
from pricing_svc.authority.shapes import AuthorityOut, FloatBand, PriceLevel, TableOut
from pricing_svc.authority.store import AuthorityTable, bands_of, document_of, row_in_force, table_row
from pricing_svc.prices.store import price_on
from pricing_svc.tables import Row


async def read_table(reader: Reader, table_id: UUID) -> TableOut:
    """One table; raises `authority-table-not-found`."""
    [table] = await read_tables(reader, [await table_row(reader, table_id)])
    return table


async def read_tables(reader: Reader, rows: Sequence[Row]) -> list[TableOut]:
    """The tables of `rows` with their approvals."""
    ids = [row["id"] for row in rows]
    bands = await bands_of(reader, ids)
    cases = await approvals.read_latest(reader, [document_of(one) for one in ids])
    return [TableOut.show(row, bands[row["id"]], cases.get(document_of(row["id"]))) for row in rows]


async def read_changed(work: Work, table: AuthorityTable) -> TableOut:
    """The table as the unit of work leaves it."""
    await work.tx.flush()
    row, bands = await table_row(work.tx, table.id), await bands_of(work.tx, [table.id])
    cases = await approvals.latest(work.tx, [table.document])
    return TableOut.show(row, bands[table.id], cases[table.document])


async def read_authorities(reader: Reader, rows: Sequence[Row]) -> list[AuthorityOut]:
    """The tables of `rows` alone."""
    bands = await bands_of(reader, [row["id"] for row in rows])
    return [AuthorityOut.show(row, bands[row["id"]]) for row in rows]


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
