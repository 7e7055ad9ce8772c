"""`Listing`: one declaration of a list's rows and of who sees them, used by the list and by the detail.

::

    NOTICES = Listing(
        NoticeRow,
        NoticeQuery,
        select(Notice.__table__, Customer.name.label("customer_name")).join_from(Notice, Customer, …),
        id=Notice.id,
        scope=own_customers(Customer.rep),
    )


    @router.get("")
    @allow(*READERS)
    async def list_notices(look: CurrentLook, query: Annotated[NoticeQuery, Query()]) -> Page[NoticeRow] | File:
        return await NOTICES.page(look, query)
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Column, ColumnClause, ColumnElement, FromClause, Join, Label, Select, func, literal, select
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.visitors import iterate

from fangxing.auth import Principal
from fangxing.database.connecting import TAKE_LONG
from fangxing.errors import DomainError, ErrorType, Kind
from fangxing.roles import spoken_roles
from fangxing.scope import Scope
from fangxing.sight import SeenBy, hidden_in
from fangxing.web.export import EXPORT_TOO_LARGE, MOST_ROWS, File, columns_of, file_of
from fangxing.web.filters import By, Called, From, Given, Has, Is, ListQuery, To, Where
from fangxing.web.paging import SORT_UNKNOWN, Order, Page, read_page
from fangxing.work import Look

__all__ = ["By", "Called", "File", "From", "Given", "Has", "Is", "ListQuery", "Listing", "Page", "Shape", "To", "Where"]

Row = TypeVar("Row", bound=BaseModel)
Query = TypeVar("Query", bound=ListQuery)

Shape = Callable[[Look, Sequence[RowMapping]], Awaitable[list[Row]]]
"""Makes the items of a page out of its rows, all at once, so that no row asks the database on its own."""

FIELD_NOT_YOURS = ErrorType(
    "field-not-yours", Kind.FORBIDDEN, "{field} 只限：{roles}", "{field} is only for: {roles}", clause="1-3"
)

_CHUNK = 500


class Listing(Generic[Row, Query]):
    """The rows of `statement` that `scope` lets a caller see, as `row`, asked for by `query`.

    `id` is the column that tells rows apart. Without a `shape` an item is its row's columns by name. Files are called
    `name`, by default after the table of `id`.
    Raises TypeError where a field has no column, or where not everybody may sort as the list is sorted by default.
    """

    def __init__(
        self,
        row: type[Row],
        query: type[Query],
        statement: Select[Any],
        *,
        id: InstrumentedAttribute[Any],
        scope: Scope,
        shape: Shape[Row] | None = None,
        name: str | None = None,
    ) -> None:
        self._row = row
        self._page: type[Page[Any]] = Page[row]  # type: ignore[valid-type]
        self._statement = statement if shape else _narrowed(statement, row)
        self._id = id.expression
        self._name: str = name or id.class_.__tablename__
        self._scope = scope
        self._shape = shape or self._columns_by_name
        self._filters = query.filters()
        self._sorts = {"id": self._id, **query.sorts()}
        self._optional = _optional_tables(statement)
        self._hidden = _Hidden(row, query, statement)
        default = query.model_fields["sort"].default
        if any(self._hidden.touched_by(default.removeprefix("-"), self._order(default).column)):
            raise TypeError(f"{query.__name__}.sort: not everybody may sort by {default}, as the list is by default")

    async def page(self, look: Look, query: Query, *also: ColumnElement[bool]) -> Page[Row] | File:
        """A page of what `query` asks for, or all of it as a file, narrowed by the conditions `also`.

        Raises `sort-unknown`, `cursor-invalid`, `field-not-yours`, `export-too-large` or `export-busy`.
        """
        order = self._order(query.sort)
        self._hidden.check(look.caller, query.sort.removeprefix("-"), order.column, at="sort")
        statement = await self.asked(look, query, *also)
        if query.format != "json":
            columns = columns_of(self._row, look.caller.sight)
            rows = self._all(look, order.sort(statement))
            return await file_of(rows, columns, look.language, name=self._name, format=query.format)
        found, following = await read_page(look.reader, statement, order, query.after, query.limit)
        return self._page(items=await self._shape(look, found), next=following)

    async def asked(self, look: Look, query: Query, *also: ColumnElement[bool]) -> Select[Any]:
        """The rows that `query` asks for and the caller may see, in no order; raises `field-not-yours`."""
        statement = self._statement.where(self._scope(look.caller), *also)
        given: dict[str, Any] = {}
        for name, marker in self._filters.items():
            value = getattr(query, name)
            if isinstance(marker, Given):
                given[name] = value
            elif value is not None:
                condition = await marker.condition(look.reader, value)
                self._hidden.check(look.caller, name, condition, at=name)
                statement = statement.where(condition)
        return statement.params(given) if given else statement

    async def one(self, look: Look, id: UUID | str, missing: DomainError) -> Row:
        """The item `id`; raises `missing` where there is none or the caller does not see it."""
        statement = self._statement.where(self._id == id, self._scope(look.caller))
        row = (await look.reader.execute(statement)).mappings().first()
        if row is None:
            raise missing
        (item,) = await self._shape(look, [row])
        return item

    async def check(self, look: Look, id: UUID, missing: DomainError) -> None:
        """Raise `missing` where there is no item `id` or the caller does not see it, for details that read on alone."""
        statement = self._statement.with_only_columns(self._id, maintain_column_froms=True)
        if await look.reader.scalar(statement.where(self._id == id, self._scope(look.caller))) is None:
            raise missing

    async def _columns_by_name(self, look: Look, rows: Sequence[RowMapping]) -> list[Row]:
        return [self._row.model_validate(dict(row)) for row in rows]

    async def _all(self, look: Look, statement: Select[Any]) -> AsyncGenerator[list[Row]]:
        """All items in chunks, as they were at one moment."""
        one_each = statement.with_only_columns(literal(1).label("one"), maintain_column_froms=True)
        counted = select(func.count()).select_from(one_each.order_by(None).limit(MOST_ROWS + 1).subquery())
        async with look.reader.engine.connect() as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ")
            await connection.execute(TAKE_LONG)
            if (await connection.scalar(counted) or 0) > MOST_ROWS:
                raise EXPORT_TOO_LARGE(most=f"{MOST_ROWS:,}")
            async with connection.stream(statement) as result:
                async for rows in result.mappings().partitions(_CHUNK):
                    yield await self._shape(replace(look, reader=connection), rows)

    def _order(self, sort: str) -> Order:
        column = self._sorts.get(sort.removeprefix("-"))
        if column is None:
            raise SORT_UNKNOWN(known=", ".join(sorted(self._sorts)))
        never_null = isinstance(column, Column) and not column.nullable and column.table not in self._optional
        return Order(column, self._id, sort.startswith("-"), nullable=not never_null)


class _Hidden:
    """The fields that not everybody sees, and may therefore not sort or filter by either.

    A sort or filter is about such a field if it has its name or uses its column, or is marked `SeenBy` itself.
    """

    def __init__(self, row: type[BaseModel], query: type[BaseModel], statement: Select[Any]) -> None:
        columns = statement.selected_columns
        self._fields = [(marker, name, _full_name(columns.get(name))) for name, marker in hidden_in(row).items()]
        self._fields += [(marker, name, None) for name, marker in hidden_in(query).items()]

    def touched_by(self, name: str, expression: ColumnElement[Any]) -> Iterator[SeenBy]:
        """The markers of the fields that the sort or filter `name`, which is `expression`, is about."""
        used = {_full_name(element) for element in iterate(expression)} - {None} if self._fields else set()
        yield from (marker for marker, field, column in self._fields if field == name or column in used)

    def check(self, caller: Principal, name: str, expression: ColumnElement[Any], *, at: str) -> None:
        """Raise `field-not-yours` where the caller does not see what he sorts or filters by."""
        for marker in self.touched_by(name, expression):
            if marker.hides_from(caller.sight):
                raise FIELD_NOT_YOURS(at=at, field=name, roles=spoken_roles(marker.group.roles))


def _full_name(element: Any) -> str | None:
    """Table and name of a column, also of one that was given another name; None for anything else."""
    element = element.element if isinstance(element, Label) else element
    if not isinstance(element, ColumnClause):
        return None
    base = next(iter(element.base_columns))
    return f"{getattr(base, 'table', None)}.{base.key}"


def _narrowed(statement: Select[Any], row: type[BaseModel]) -> Select[Any]:
    """`statement` with the columns that `row` shows and no others."""
    columns = statement.selected_columns
    if absent := row.model_fields.keys() - columns.keys():
        raise TypeError(f"{row.__name__} has fields its list has no column for: {', '.join(sorted(absent))}")
    return statement.with_only_columns(*(columns[name] for name in row.model_fields), maintain_column_froms=True)


def _optional_tables(statement: Select[Any]) -> set[FromClause]:
    """The tables that an outer join adds, whose columns may be null whatever they are declared to be."""
    sources = [element for source in statement.get_final_froms() for element in iterate(source)]
    joins = [source for source in sources if isinstance(source, Join)]
    optional = [join.right for join in joins if join.isouter or join.full] + [join.left for join in joins if join.full]
    return {table for side in optional for table in iterate(side) if isinstance(table, FromClause)}
