"""What a list can be asked: a query model whose fields say by a marker what each of them means.

::

    class NoticeQuery(ListQuery):
        sort: Annotated[str, By(Notice.ship_on, Notice.number)] = "-id"
        status: Annotated[Status | None, Is(Notice.status)] = None
        ship_from: Annotated[date | None, From(Notice.ship_on)] = None
        search: Annotated[Line | None, Has(number=Notice.number, customer=Notice.customer_id)] = None

A field that is null asks nothing. An unknown field or value is refused with its name.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import Field, GetJsonSchemaHandler
from pydantic.fields import FieldInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema
from sqlalchemy import ARRAY, ColumnElement, DateTime, Label, Uuid, any_, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from fangxing.clock import FACTORY_ZONE
from fangxing.database import Reader
from fangxing.validation import Parameters

_Column = InstrumentedAttribute[Any]


class Filter(ABC):
    """A marker that makes a condition of a value; `meaning` describes the parameter where nothing else does."""

    meaning: ClassVar[str] = ""

    @abstractmethod
    async def condition(self, reader: Reader, value: Any) -> ColumnElement[bool]:
        """The condition that `value` puts on a row."""


@dataclass(frozen=True, eq=False, slots=True)
class Is(Filter):
    """Rows whose `column` is the value."""

    column: _Column

    async def condition(self, reader: Reader, value: Any) -> ColumnElement[bool]:
        """`column` = `value`."""
        condition: ColumnElement[bool] = self.column == value
        return condition


@dataclass(frozen=True, eq=False, slots=True)
class Called(Filter):
    """Rows whose `column`, a number or a code, is the value in whatever case; put an index on its `lower()`."""

    column: _Column
    meaning: ClassVar[str] = "in whatever case"

    async def condition(self, reader: Reader, value: Any) -> ColumnElement[bool]:
        """`column` = `value`, both in lower case."""
        condition: ColumnElement[bool] = func.lower(self.column) == value.lower()
        return condition


@dataclass(frozen=True, eq=False, slots=True)
class From(Filter):
    """Rows whose `column` is the value or more; a day begins at the factory's midnight."""

    column: _Column
    meaning: ClassVar[str] = "this or later"

    async def condition(self, reader: Reader, value: Any) -> ColumnElement[bool]:
        """`column` ≥ `value`."""
        condition: ColumnElement[bool] = self.column >= _moment(self.column, value, time.min)
        return condition


@dataclass(frozen=True, eq=False, slots=True)
class To(Filter):
    """Rows whose `column` is the value or less; a day counts to its end."""

    column: _Column
    meaning: ClassVar[str] = "this or earlier"

    async def condition(self, reader: Reader, value: Any) -> ColumnElement[bool]:
        """`column` ≤ `value`."""
        condition: ColumnElement[bool] = self.column <= _moment(self.column, value, time.max)
        return condition


@dataclass(frozen=True, eq=False, slots=True)
class Where(Filter):
    """Rows that meet what `make` makes of the value: for whatever is not one column against one value."""

    make: Callable[[Any], ColumnElement[bool]]

    async def condition(self, reader: Reader, value: Any) -> ColumnElement[bool]:
        """What `make` makes."""
        return self.make(value)


@dataclass(frozen=True, eq=False, slots=True)
class Has(Filter):
    """Rows whose `number` begins with the text, or whose `customer` has it in his name or at the start of his number.

    The customers are those of the service's own table `customers` (id, number, name). They are looked up first: with
    their ids at hand PostgreSQL unites two index scans, where a subselect would make it read every row. Put an index
    on both columns; the database's collation is C (as `C.UTF-8`), else the index on `number` is of `text_pattern_ops`.
    """

    number: _Column | None = None
    customer: _Column | None = None
    meaning: ClassVar[str] = "the beginning of a number, or part of a customer's name"

    async def condition(self, reader: Reader, value: Any) -> ColumnElement[bool]:
        """The number or the customer matches."""
        matches: list[ColumnElement[bool]] = []
        if self.number is not None:
            # numbers we give are in capitals; those people give are found as they wrote them
            matches += [self.number.startswith(one, autoescape=True) for one in sorted({value, value.upper()})]
        if self.customer is not None:
            found = await self._customers(reader, value)
            matches.append(self.customer == any_(literal(found, ARRAY(Uuid()))))
        return or_(*matches)

    async def _customers(self, reader: Reader, text: str) -> list[UUID]:
        assert self.customer is not None
        customers = self.customer.expression.table.metadata.tables["customers"].c
        has_it = customers.name.icontains(text, autoescape=True) | customers.number.istartswith(text, autoescape=True)
        return list((await reader.scalars(select(customers.id).where(has_it))).all())


@dataclass(frozen=True, eq=False, slots=True)
class Given:
    """No filter: the value of the statement's own parameter of that name, or something the route makes use of."""


class By:
    """The columns a list may be sorted by, each under its own name or its label's; the id always is one."""

    def __init__(self, *columns: _Column | Label[Any]) -> None:
        self.columns = {column.key: _plain(column) for column in columns}

    def __get_pydantic_json_schema__(self, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """One of the names, with '-' before it for descending."""
        names = ["id", *self.columns]
        return {**handler(core_schema), "enum": [*names, *(f"-{name}" for name in names)]}


class ListQuery(Parameters):
    """What every list can be asked: its order, a place in it, how many rows, and as what."""

    sort: Annotated[str, By(), Field(description="a column, with '-' before it for descending")] = "-id"
    after: Annotated[str | None, Field(max_length=400, description="`next` of the page before")] = None
    limit: Annotated[int, Field(ge=1, le=200, description="rows per page")] = 50
    format: Annotated[
        Literal["json", "csv", "xlsx"], Field(description="a page, or the whole list as a file; see Accept-Language")
    ] = "json"

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Raise TypeError for a field that says not what it asks."""
        super().__pydantic_init_subclass__(**kwargs)
        for name, info in cls.model_fields.items():
            marker = _marker(info)
            if marker is None and name not in ("after", "limit", "format"):
                raise TypeError(
                    f"{cls.__name__}.{name} filters nothing: mark it Is, Called, From, To, Has, Where or Given"
                )
            if isinstance(marker, Filter):
                info.description = info.description or marker.meaning or None
            if name == "sort" and info.description is None:
                info.description = ListQuery.model_fields["sort"].description

    @classmethod
    def filters(cls) -> dict[str, Filter | Given]:
        """What each field asks, by its name."""
        marked = {name: _marker(info) for name, info in cls.model_fields.items()}
        return {name: marker for name, marker in marked.items() if isinstance(marker, (Filter, Given))}

    @classmethod
    def sorts(cls) -> dict[str, ColumnElement[Any]]:
        """The columns the list may be sorted by, but for the id."""
        by = _marker(cls.model_fields["sort"])
        return by.columns if isinstance(by, By) else {}


def _marker(info: FieldInfo) -> Filter | Given | By | None:
    return next((item for item in info.metadata if isinstance(item, (Filter, Given, By))), None)


def _plain(column: _Column | Label[Any]) -> ColumnElement[Any]:
    return column.element if isinstance(column, Label) else column.expression


def _moment(column: _Column, value: Any, at: time) -> Any:
    """`value`, or where the column holds moments and the value is a day: `at` of that day by the factory's clock."""
    a_day = isinstance(value, date) and not isinstance(value, datetime)
    return datetime.combine(value, at, FACTORY_ZONE) if a_day and isinstance(column.type, DateTime) else value
