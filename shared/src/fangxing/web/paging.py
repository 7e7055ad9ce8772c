"""Lists page by key: the cursor is the last row's sort value and id, so that pages never skip or repeat a row."""

import base64
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

import orjson
from fastapi import Query
from pydantic import BaseModel
from sqlalchemy import Select, String, cast, literal, tuple_
from sqlalchemy.engine import RowMapping
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import InstrumentedAttribute

from fangxing.database import Reader, does_not_fit
from fangxing.errors import ErrorType, Kind
from fangxing.verdicts import plain

T = TypeVar("T")

CURSOR_INVALID = ErrorType(
    "cursor-invalid", Kind.INVALID, "翻页参数无效", "The page cursor is not valid", field="after"
)
SORT_UNKNOWN = ErrorType("sort-unknown", Kind.INVALID, "只能按 {known} 排序", "Sort by one of {known}", field="sort")

Limit = Annotated[int, Query(ge=1, le=200, description="rows per page")]
After = Annotated[str | None, Query(max_length=400, description="`next` of the page before")]
Sort = Annotated[str | None, Query(max_length=60, description="a column, with '-' before it for descending")]


class Page(BaseModel, Generic[T]):
    """One page; `next` is the cursor of the following one, null at the end."""

    items: list[T]
    next: str | None


async def page(
    reader: Reader,
    statement: Select[Any],
    shape: Callable[[RowMapping], T],
    *,
    sorts: Mapping[str, InstrumentedAttribute[Any]],
    id: InstrumentedAttribute[UUID],
    sort: str | None,
    after: str | None,
    limit: int,
    default: str = "-id",
) -> Page[T]:
    """One page of `statement`, sorted by one of `sorts` (the id is always one) and then by id.

    Raises `sort-unknown` or `cursor-invalid`.
    """
    wanted = sort or default
    name, descending = wanted.removeprefix("-"), wanted.startswith("-")
    columns = {**sorts, "id": id}
    if name not in columns:
        raise SORT_UNKNOWN(known=", ".join(sorted(columns)))
    statement = _from(statement, columns[name], id, after, descending=descending).limit(limit + 1)
    try:
        rows = (await reader.execute(statement)).mappings().all()
    except DBAPIError as error:
        if after is not None and does_not_fit(error):
            raise CURSOR_INVALID() from error
        raise
    following = None
    if len(rows) > limit:
        last = rows[limit - 1]
        following = _encode(last["page_key"], last["page_id"])
    return Page(items=[shape(row) for row in rows[:limit]], next=following)


def _from(
    statement: Select[Any],
    column: InstrumentedAttribute[Any],
    id: InstrumentedAttribute[UUID],
    after: str | None,
    *,
    descending: bool,
) -> Select[Any]:
    """`statement` in order of `column` and id, from behind the cursor on."""
    if after is not None:
        parts = zip(_decode(after), (column, id), strict=True)
        edge = tuple_(*(cast(literal(part, String), key.type) for part, key in parts))
        here = tuple_(column, id)
        statement = statement.where(here < edge if descending else here > edge)
    order = (column.desc(), id.desc()) if descending else (column.asc(), id.asc())
    return statement.add_columns(column.label("page_key"), id.label("page_id")).order_by(*order)


def _encode(value: Any, row_id: Any) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([str(plain(value)), str(plain(row_id))])).decode()


def _decode(cursor: str) -> list[str]:
    try:
        parts = orjson.loads(base64.urlsafe_b64decode(cursor.encode()))
    except ValueError as error:
        raise CURSOR_INVALID() from error
    if not isinstance(parts, list) or len(parts) != 2 or not all(isinstance(part, str) for part in parts):
        raise CURSOR_INVALID()
    return parts
