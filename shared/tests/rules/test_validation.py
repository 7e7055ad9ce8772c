"""A body is read strictly, and what is refused is said in the language of whoever reads it."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from pydantic import AfterValidator, AwareDatetime, Field, TypeAdapter, ValidationError

from fangxing.money import PositiveYuan
from fangxing.text import Code, Text
from fangxing.validation import Body, Json, invalid, meaning


def _even(number: int) -> int:
    if number % 2:
        raise invalid("not-even", Text("{number} 不是偶数", "{number} is not even"), number=number)
    return number


CASES = [
    (Annotated[int, AfterValidator(_even)], 3, "not-even", Text("3 不是偶数", "3 is not even")),
    (Literal["a", "b", "c"], "d", "literal_error", Text("只能是 'a'、'b'、'c'", "must be 'a', 'b' or 'c'")),
    (bytes, 3, "bytes_type", Text("值无效", "Input should be a valid bytes")),
]


@pytest.mark.parametrize(("kind", "value", "slug", "said"), CASES)
def test_what_is_refused_is_said_in_both_languages(kind: Any, value: object, slug: str, said: Text) -> None:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(kind).validate_python(value)
    [error] = refused.value.errors()
    assert (error["type"], meaning(error)) == (slug, said)


class Colour(StrEnum):
    RED = "red"


class Part(Body):
    day: date
    amount: PositiveYuan


class Whole(Body):
    day: date | None = None
    moment: AwareDatetime | None = None
    id: UUID | None = None
    colour: Colour | None = None
    colours: frozenset[Colour] = frozenset()
    count: int = 0
    last: bool = False
    # pydantic knows kinds of schemas by this name
    type: str = ""
    days: Mapping[str, date] = Field(default_factory=dict)
    parts: tuple[Part, ...] = ()


WHOLE: TypeAdapter[Whole] = TypeAdapter(Whole)
ID = UUID("00000000-0000-7000-8000-000000000000")


def read(**fields: object) -> Whole:
    return WHOLE.validate_python(Json(json.dumps(fields).encode()))


def test_what_json_writes_as_text_is_read_from_text() -> None:
    day = date(2026, 3, 2)
    assert read(
        day="2026-03-02",
        moment="2026-03-02T09:30:00+08:00",
        id=str(ID),
        colour="red",
        colours=["red"],
        days={"first": "2026-03-02"},
        parts=[{"day": "2026-03-02", "amount": "1.5"}],
    ) == Whole(
        day=day,
        moment=datetime(2026, 3, 2, 1, 30, tzinfo=UTC),
        id=ID,
        colour=Colour.RED,
        colours=frozenset({Colour.RED}),
        days={"first": day},
        parts=(Part(day=day, amount=Decimal("1.50")),),
    )


@pytest.mark.parametrize(
    ("field", "value", "slug"),
    [
        ("day", 1764028800, "date_type"),
        ("day", "1764028800", "date_parsing"),
        ("day", "20251125", "date_parsing"),
        ("day", "2025-11-25T00:00:00", "date_parsing"),
        ("day", "2025-11-31", "date_from_datetime_parsing"),
        ("day", True, "date_type"),
        ("moment", 1764028800, "datetime_type"),
        ("moment", "1764028800", "datetime_parsing"),
        ("moment", "2025-11-25", "datetime_parsing"),
        ("moment", "2025-11-25T00:00:00", "timezone_aware"),
        ("count", True, "int_type"),
        ("count", "5", "int_type"),
        ("count", 5.0, "int_type"),
        ("last", 1, "bool_type"),
        ("last", "true", "bool_type"),
        ("id", 5, "uuid_type"),
        ("id", "7", "uuid_parsing"),
        ("colour", "blue", "enum"),
        ("colours", "red", "frozen_set_type"),
        ("type", 5, "string_type"),
        ("shape", "round", "extra_forbidden"),
    ],
)
def test_nothing_is_taken_for_what_it_is_not(field: str, value: object, slug: str) -> None:
    with pytest.raises(ValidationError) as refused:
        read(**{field: value})
    [error] = refused.value.errors()
    assert (error["loc"], error["type"]) == ((field,), slug)
    assert any("\u4e00" <= character <= "\u9fff" for character in meaning(error).zh)


@pytest.mark.parametrize(
    ("field", "value", "where"),
    [
        ("parts", [{"day": "20251125", "amount": "1.00"}], ("parts", 0, "day")),
        ("parts", [{"day": "2025-11-25", "amount": 1.0}], ("parts", 0, "amount")),
        ("days", {"first": 1764028800}, ("days", "first")),
    ],
)
def test_a_body_within_a_body_is_read_as_strictly(field: str, value: object, where: tuple[object, ...]) -> None:
    with pytest.raises(ValidationError) as refused:
        read(**{field: value})
    assert [error["loc"] for error in refused.value.errors()] == [where]


@pytest.mark.parametrize("body", [b"{", b"null", b"[]", b"\xff", b"[" * 100_000, b'{"type": "\\ud800"}'])
def test_what_is_no_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(ValidationError):
        WHOLE.validate_python(Json(body))
    with pytest.raises(ValidationError):
        WHOLE.validate_python(body)


def test_a_body_keeps_its_name_in_a_schema_wherever_it_stands() -> None:
    schema = WHOLE.json_schema()
    assert schema["properties"]["parts"]["items"] == {"$ref": "#/$defs/Part"}
    assert schema["properties"]["days"]["additionalProperties"] == {"format": "date", "type": "string"}
    assert schema["additionalProperties"] is False


def test_a_code_that_is_none_is_told_which_characters_it_may_have() -> None:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(Code).validate_python("批号 1")
    [error] = refused.value.errors()
    assert error["type"] == "string_pattern_mismatch"
    assert "英文字母、数字、点、横线和下划线" in meaning(error).zh
    assert "dots, dashes and underscores" in meaning(error).en
