"""HTTP of the authority feature."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field
from sqlalchemy import Date, bindparam

from fangxing.answers import HistoryOut
from fangxing.approvals import Decide
from fangxing.offers import possible_actions
from fangxing.policies import PolicyBook
from fangxing.scope import everyone
from fangxing.text import Code
from fangxing.web.access import allow
from fangxing.web.edge import CurrentLook, CurrentPolicies, CurrentReader, CurrentRuntime, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.history import history_of
from fangxing.web.listing import By, File, Given, Is, Listing, ListQuery, Page
from fangxing.work import Look, Work
from pricing_svc.authority import deciding, drafting, withdrawing
from pricing_svc.authority.reading import read_authorities, read_level, read_tables
from pricing_svc.authority.rules import MOVES, AuthorityAction, AuthorityStatus
from pricing_svc.authority.shapes import (
    AuthorityOut,
    DraftTable,
    PriceLevel,
    PriceLevelQuery,
    ReviseTable,
    TableDetail,
    TableOut,
)
from pricing_svc.authority.store import TABLE_ROWS, AuthorityTable, tables_on
from pricing_svc.prices.access import READERS

router = edge_router("price-authority")


class TableQuery(ListQuery):
    """What the list of authority tables can be asked."""

    sort: Annotated[str, By(AuthorityTable.family, AuthorityTable.status)] = "-id"
    family: Annotated[Code | None, Is(AuthorityTable.family)] = None
    status: Annotated[AuthorityStatus | None, Is(AuthorityTable.status)] = None


class AuthorityQuery(ListQuery):
    """What the authorities in force on a day can be asked."""

    sort: Annotated[str, By(AuthorityTable.family)] = "family"
    on: Annotated[date | None, Given(), Field(description="the day; today by default")] = None
    family: Annotated[Code | None, Is(AuthorityTable.family)] = None


TABLES = Listing(
    TableOut,
    TableQuery,
    TABLE_ROWS,
    id=AuthorityTable.id,
    scope=everyone,
    shape=read_tables,
)
AUTHORITIES = Listing(
    AuthorityOut,
    AuthorityQuery,
    tables_on(bindparam("on", type_=Date)),
    id=AuthorityTable.id,
    scope=everyone,
    shape=read_authorities,
    name="price_authority",
)


async def _detail(look: Look, book: PolicyBook, table_id: UUID) -> TableDetail:
    table = await TABLES.one(look, table_id, AuthorityTable.not_found(table_id))
    possible = await possible_actions(look, AuthorityTable, table_id, book)
    return TableDetail.with_actions(table, possible)


async def _changed(work: Work, table: AuthorityTable) -> TableDetail:
    return await _detail(await work.look(), await work.policies(), table.id)


@router.post("/authority-tables", status_code=201)
@allow(MOVES[AuthorityAction.DRAFT])
async def draft_table(body: DraftTable, work: CurrentWork) -> TableDetail:
    """Draft a family's table; it goes to the committee and the GM."""
    return await _changed(work, await drafting.draft_table(work, body))


@router.get("/authority-tables")
@allow(*READERS)
async def list_tables(look: CurrentLook, query: Annotated[TableQuery, Query()]) -> Page[TableOut] | File:
    """All authority tables, newest first."""
    return await TABLES.page(look, query)


@router.get("/authority-tables/{table_id}")
@allow(*READERS)
async def get_table(table_id: UUID, look: CurrentLook, book: CurrentPolicies) -> TableDetail:
    """One table; `approval.hash` is what a decision has to name."""
    return await _detail(look, book, table_id)


@router.get("/authority-tables/{table_id}/history")
@allow(*READERS)
async def table_history(table_id: UUID, look: CurrentLook) -> list[HistoryOut]:
    """Who did what with the table, oldest first."""
    return await history_of(look, TABLES, AuthorityTable, table_id)


@router.post("/authority-tables/{table_id}/revision")
@allow(MOVES[AuthorityAction.REVISE])
async def revise_table(table_id: UUID, body: ReviseTable, work: CurrentWork) -> TableDetail:
    """Send a returned table to the committee and the GM again."""
    return await _changed(work, await drafting.revise_table(work, table_id, body))


@router.post("/authority-tables/{table_id}/withdrawal")
@allow(MOVES[AuthorityAction.WITHDRAW])
async def withdraw_table(table_id: UUID, work: CurrentWork) -> TableDetail:
    """Give a returned table up."""
    return await _changed(work, await withdrawing.withdraw_table(work, table_id))


@router.post("/authority-tables/{table_id}/decisions")
@allow(MOVES[AuthorityAction.DECIDE])
async def decide(table_id: UUID, body: Decide, work: CurrentWork) -> TableDetail:
    """Decide the current step."""
    return await _changed(work, await deciding.decide(work, table_id, body))


@router.get("/price-authority")
@allow(*READERS)
async def authority_in_force(
    look: CurrentLook, runtime: CurrentRuntime, query: Annotated[AuthorityQuery, Query()]
) -> Page[AuthorityOut] | File:
    """The tables in force on a day, by family."""
    day = query.on or (await runtime.clock.time(look.reader)).today
    return await AUTHORITIES.page(look, query.model_copy(update={"on": day}))


@router.get("/price-level")
@allow(*READERS)
async def price_level(
    reader: CurrentReader, runtime: CurrentRuntime, query: Annotated[PriceLevelQuery, Query()]
) -> PriceLevel:
    """Who decides at `price` on a day, today by default (3-8.2-A)."""
    day = query.on or (await runtime.clock.time(reader)).today
    return await read_level(reader, query.product_id, query.price, day)
