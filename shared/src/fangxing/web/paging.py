"""Lists page by key: the cursor is the last row's sort value and id, so that pages never skip or repeat a row."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

import orjson
from pydantic import BaseModel
from sqlalchemy import ColumnElement, Select, String, and_, cast, literal, or_, tuple_
from sqlalchemy.engine import RowMapping
from sqlalchemy.exc import DBAPIError

from fangxing.database import Reader, does_not_fit
from fangxing.errors import ErrorType, Kind
from fangxing.verdicts import plain

T = TypeVar("T")

CURSOR_INVALID = ErrorType(
    "cursor-invalid", Kind.INVALID, "翻页参数无效", "The page cursor is not valid", field="after"
)
SORT_UNKNOWN = ErrorType("sort-unknown", Kind.INVALID, "只能按 {known} 排序", "Sort by one of {known}", field="sort")


class Page(BaseModel, Generic[T]):
    """One page; `next` is the cursor of the following one, null at the end."""

    items: list[T]
    next: str | None


@dataclass(frozen=True, eq=False, slots=True)
class Order:
    """Rows by `column` and then by `id`; the rows without a value stand after the largest one, as in PostgreSQL."""

    column: ColumnElement[Any]
    id: ColumnElement[UUID]
    descending: bool
    nullable: bool = False

    def sort(self, statement: Select[Any]) -> Select[Any]:
        """`statement` in this order."""
        keys = (self.column, self.id)
        return statement.order_by(*(key.desc() if self.descending else key.asc() for key in keys))

    def behind(self, cursor: str) -> ColumnElement[bool]:
        """The condition of the rows that follow the one `cursor` points at; raises `cursor-invalid`."""
        value, row_id = _decode(cursor)
        last_id = cast(literal(row_id, String), self.id.type)
        if value is None:
            following = self.id < last_id if self.descending else self.id > last_id
            without_value = and_(self.column.is_(None), following)
            return or_(without_value, self.column.is_not(None)) if self.descending else without_value
        here, last = tuple_(self.column, self.id), tuple_(cast(literal(value, String), self.column.type), last_id)
        if self.descending:
            return here < last
        return or_(here > last, self.column.is_(None)) if self.nullable else here > last


async def read_page(
    reader: Reader, statement: Select[Any], order: Order, after: str | None, limit: int
) -> tuple[Sequence[RowMapping], str | None]:
    """At most `limit` rows of `statement` behind the cursor `after`, and the cursor of the last one if more follow.

    Raises `cursor-invalid`.
    """
    if after is not None:
        statement = statement.where(order.behind(after))
    keys = (order.column.label("page_key"), order.id.label("page_id"))
    statement = order.sort(statement.add_columns(*keys)).limit(limit + 1)
    try:
        rows = (await reader.execute(statement)).mappings().all()
    except DBAPIError as error:
        if after is not None and does_not_fit(error):
            raise CURSOR_INVALID() from error
        raise
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1]
    return rows[:limit], _encode(last["page_key"], last["page_id"])


def _encode(value: Any, row_id: Any) -> str:
    key = None if value is None else str(plain(value))
    return base64.urlsafe_b64encode(orjson.dumps([key, str(plain(row_id))])).decode()


def _decode(cursor: str) -> tuple[str | None, str]:
    try:
        parts = orjson.loads(base64.urlsafe_b64decode(cursor.encode()))
    except ValueError as error:
        raise CURSOR_INVALID() from error
    match parts:
        case [str() | None as value, str() as row_id]:
            return value, row_id
    raise CURSOR_INVALID()
