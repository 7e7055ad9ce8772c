"""What a feature says of an import: sheets whose columns are the fields of a `Body`, and the use case that stores them.

::

    class OrderRow(Body):
        number: Annotated[Code, Text("订单编号", "order"), Column(key=True, identifier=True, unique=Order.number)]
        customer: Annotated[Code, Text("客户编号", "customer"), Column(identifier=True, known=Customer.number)]
        value: Annotated[PositiveYuan, Text("金额（元）", "value (yuan)"), Column(example="80000.00")]

    ORDERS = Import(
        "orders", Text("订单", "orders"), clause="4-1", sheets=[Sheet(Text("订单", "orders"), OrderRow)],
        store=store_orders, roles={Role.SALES_MANAGER}, route=ORDER_IMPORT_ROUTE,
    )
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum, StrEnum, auto
from types import NoneType
from typing import Any, Generic, TypeVar, get_args

from pydantic.fields import FieldInfo
from sqlalchemy.orm import InstrumentedAttribute

from fangxing.errors import DomainError
from fangxing.labels import heading_of
from fangxing.roles import Role
from fangxing.routes import RoutePolicy
from fangxing.text import Text
from fangxing.validation import Body
from fangxing.work import Work

MOST_ROWS = 10_000
"""The most rows a sheet may have, where its import says nothing else."""
B = TypeVar("B", bound=Body)

_YES_NO = {True: Text("是", "yes"), False: Text("否", "no")}


class Takes(Enum):
    """What a cell takes."""

    TEXT = auto()
    WHOLE = auto()
    DECIMAL = auto()
    DATE = auto()
    CHOICE = auto()


@dataclass(frozen=True, slots=True)
class Column:
    """Marks what a column is beside its type.

    `key`: with the other keys of its sheet it tells the rows apart. `identifier`: digits that are no number, so that
    the cell must be text. No row of the database may have the value in `unique`, and one must have it in `known`,
    whatever its case. `of`: a row of the sheet of that shape must have it in that field. `words` are the members of a
    closed set as people write them; their codes are taken as well.
    """

    key: bool = False
    identifier: bool = False
    unique: InstrumentedAttribute[Any] | None = None
    known: InstrumentedAttribute[Any] | None = None
    of: tuple[type[Body], str] | None = None
    words: Mapping[Any, Text] = field(default_factory=dict)
    example: str | int | Decimal | date = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a sheet: a field of its shape, with its heading and what its cells take."""

    name: str
    heading: Text
    takes: Takes
    required: bool
    column: Column
    choices: Mapping[Any, Text]

    @classmethod
    def of(cls, name: str, info: FieldInfo) -> "Field":
        """The column of a field; raises TypeError for one that has no place in a cell."""
        column = next((item for item in info.metadata if isinstance(item, Column)), Column())
        kind = _type_of(info.annotation)
        choices: Mapping[Any, Text] = {}
        if kind is bool:
            choices = _YES_NO
        elif issubclass(kind, StrEnum):
            choices = {member: column.words.get(member, Text(member, member)) for member in kind}
        takes = Takes.CHOICE if choices else _TAKES.get(kind)
        if takes is None:
            raise TypeError(f"{name}: a cell takes no {kind.__name__}")
        return cls(name, heading_of(name, info.metadata), takes, info.is_required(), column, choices)


_TAKES = {str: Takes.TEXT, int: Takes.WHOLE, Decimal: Takes.DECIMAL, date: Takes.DATE}


def _type_of(annotation: Any) -> type:
    """The class of the values at an annotation, without null."""
    if isinstance(annotation, type):
        return annotation
    return _type_of(next(argument for argument in get_args(annotation) if argument is not NoneType))


@dataclass(frozen=True)
class Sheet(Generic[B]):
    """A sheet of the workbook: its title in both languages, and the shape of a row."""

    title: Text
    row: type[B]
    fields: tuple[Field, ...] = ()

    def __post_init__(self) -> None:
        fields = tuple(Field.of(name, info) for name, info in self.row.model_fields.items())
        object.__setattr__(self, "fields", fields)

    @property
    def keys(self) -> list[str]:
        """The fields that tell the rows apart."""
        return [one.name for one in self.fields if one.column.key]


@dataclass(frozen=True, slots=True)
class Row(Generic[B]):
    """A row whose cells hold what they should, with its place in the workbook."""

    sheet: Sheet[B]
    number: int
    body: B

    def wrong(self, field: str, error: DomainError) -> "Finding":
        """What a rule of the feature finds wrong with a field of the row."""
        return Finding(self.sheet, self.number, field, error)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a field of a row."""

    sheet: Sheet[Any]
    row: int
    field: str
    error: DomainError


@dataclass(frozen=True, slots=True)
class Filled:
    """The rows of a workbook, and the hands it went through so far, for the documents that are born of it."""

    rows: Mapping[type[Body], Sequence[Row[Any]]]
    hands: Mapping[str, Collection[str]] = field(default_factory=dict)

    def of(self, shape: type[B]) -> Sequence[Row[B]]:
        """The rows of the sheet of that shape, in their order."""
        return self.rows[shape]

    def counts(self, sheets: Iterable[Sheet[Any]]) -> dict[str, int]:
        """How many rows each sheet has, by its Chinese title."""
        return {sheet.title.zh: len(self.rows[sheet.row]) for sheet in sheets}

    def sums(self, sheets: Iterable[Sheet[Any]]) -> dict[str, str]:
        """The sum of each column of amounts or weights, by Chinese title and heading."""
        return {
            f"{sheet.title.zh} {one.heading.zh}": format(self._sum(sheet, one.name), "f")
            for sheet in sheets
            for one in sheet.fields
            if one.takes is Takes.DECIMAL
        }

    def _sum(self, sheet: Sheet[Any], name: str) -> Decimal:
        values = (getattr(row.body, name) for row in self.rows[sheet.row])
        return sum((value for value in values if value is not None), Decimal(0))


Judge = Callable[[Work, Filled], Awaitable[Iterable[Finding]]]
"""Judges the rows that hold what they should by the rules of the feature; it looks up what it needs for all at once."""
Store = Callable[[Work, Filled], AsyncIterator[int]]
"""Stores all rows in one unit of work, batch by batch, and yields after each how many are stored."""


async def _no_rules(work: Work, filled: Filled) -> Iterator[Finding]:
    return iter(())


@dataclass(frozen=True)
class Import:
    """Rows of a feature that come in a workbook.

    `roles` send a file and submit it. Where it moves money or authority there is a `route`: somebody else of the
    `deciders` confirms it, in the band `name`, before a row is stored. `clause` is the clause the rows are about.
    """

    name: str
    title: Text
    clause: str
    sheets: Sequence[Sheet[Any]]
    store: Store
    roles: Collection[Role]
    judge: Judge = _no_rules
    route: RoutePolicy | None = None
    deciders: Collection[Role] = ()
    most_rows: int = MOST_ROWS
