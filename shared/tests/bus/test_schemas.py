"""A reader is held against what is published: each field he reads, whether it is there, and what it may be."""

from datetime import date
from typing import Literal
from uuid import UUID

import pytest
from pydantic import BaseModel

from fangxing.bus.schemas import misread
from fangxing.inbox import Incoming
from fangxing.money import PositiveYuan, Yuan
from fangxing.outbox import Event


class Line(BaseModel):
    number: int
    value: PositiveYuan


class Written(Event):
    id: UUID
    kind: Literal["a", "b"]
    day: date | None
    amount: Yuan
    lines: list[Line]
    by_line: dict[str, Line]
    note: str


class LineRead(BaseModel):
    value: Yuan


class Well(Incoming):
    id: UUID
    kind: str
    day: date | None = None
    lines: list[LineRead]
    by_line: dict[str, LineRead]
    note: str


class NothingElse(Incoming):
    elsewhere: str = ""


class NeverNull(Incoming):
    day: date


class OneKind(Incoming):
    kind: Literal["a"]


class AnotherType(Incoming):
    amount: int


class NeverNegative(Incoming):
    amount: PositiveYuan


class LineWithName(BaseModel):
    name: str


class DeepDown(Incoming):
    lines: list[LineWithName]


class NumbersAlone(Incoming):
    by_line: dict[str, int]


@pytest.mark.parametrize(
    ("reader", "faults"),
    [
        (Well, []),
        (NothingElse, ["elsewhere is never there"]),
        (NeverNull, ["day may be ['null'], read is ['string:date']"]),
        (OneKind, ["kind may be [\"'a'\", \"'b'\"], read is [\"'a'\"]"]),
        (AnotherType, ["amount may be ['string'], read is ['integer']"]),
        (
            NeverNegative,
            [r"amount may be of the form ^-?\d{1,12}(\.\d{1,2})?$, read is ^\d{1,12}(\.\d{1,2})?$"],
        ),
        (DeepDown, ["lines[].name is never there"]),
        (NumbersAlone, ["by_line[] may be ['object'], read is ['integer']"]),
    ],
)
def test_what_a_reader_takes_that_nobody_promises_is_found(reader: type[Incoming], faults: list[str]) -> None:
    assert misread(Written.model_json_schema(mode="serialization"), reader.model_json_schema()) == faults


def test_a_field_that_may_be_absent_is_not_read_as_if_it_never_were() -> None:
    published = {"properties": {"note": {"type": "string"}}}
    read = {"properties": {"note": {"type": "string"}}, "required": ["note"]}
    assert misread(published, read) == ["note is not always there"]
