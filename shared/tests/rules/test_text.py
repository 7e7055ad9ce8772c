"""The language a client asked for, and what may stand in a line, a paragraph and a reference."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from fangxing.text import Code, Line, Paragraph, Reference, Search, Text, negotiate, normal
from fangxing.validation import meaning


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        (None, "zh-CN"),
        ("", "zh-CN"),
        ("fr", "zh-CN"),
        ("en", "en"),
        ("EN-us,zh;q=0.9", "en"),
        ("en;q=0.5, zh-TW;q=0.7", "zh-CN"),
        ("en;q=0", "zh-CN"),
        ("en;q=x", "zh-CN"),
    ],
)
def test_chinese_unless_english_is_preferred(asked: str | None, language: str) -> None:
    assert negotiate(asked) == language


def test_a_parameter_that_is_not_given_stays_visible() -> None:
    assert Text("金额 {amount}", "amount {amount}").say("en") == "amount {amount}"


HIDDEN = {
    "a selector of variants": "\ufe0f",
    "another selector of variants": "\U000e0100",
    "a Mongolian selector": "\u180b",
    "a Braille blank": "\u2800",
    "a private character": "\ue000",
    "a zero-width space": "\u200b",
    "a zero-width joiner": "\u200d",
    "a byte order mark": "\ufeff",
    "a word joiner": "\u2060",
    "a mark of direction": "\u200f",
    "an override of direction": "\u202e",
    "an isolate of direction": "\u2066",
    "a soft hyphen": "\u00ad",
    "a filler": "\u3164",
}
BREAKS = {"a newline": "\n", "a tab": "\t", "a line separator": "\u2028", "a paragraph separator": "\u2029"}
CONTROLS = {"NUL": "\x00", "a bell": "\x07", "DEL": "\x7f", "a C1 control": "\x85", "a carriage return": "\r"}


def slug_of(kind: Any, value: str) -> str | None:
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError as error:
        [fault] = error.errors()
        assert any("\u4e00" <= character <= "\u9fff" for character in meaning(fault).zh)
        return fault["type"]
    return None


@pytest.mark.parametrize("kind", [Line, Reference, Search])
def test_a_line_is_one_line_of_characters_people_see(kind: Any) -> None:
    assert slug_of(kind, "杭州 A-1 (二期) №7 🚚") is None
    assert {slug_of(kind, f"a{character}b") for character in BREAKS.values()} == {"line-break"}
    assert {slug_of(kind, f"a{character}b") for character in CONTROLS.values()} == {"control-character"}
    assert {slug_of(kind, f"a{character}b") for character in HIDDEN.values()} == {"invisible-character"}


def test_a_paragraph_may_have_newlines_and_tabs() -> None:
    assert {slug_of(Paragraph, f"a{character}b") for character in BREAKS.values()} == {None}
    assert {slug_of(Paragraph, f"a{character}b") for character in CONTROLS.values()} == {"control-character"}
    assert {slug_of(Paragraph, f"a{character}b") for character in HIDDEN.values()} == {"invisible-character"}


def test_a_code_has_neither() -> None:
    for character in (*HIDDEN.values(), *BREAKS.values(), *CONTROLS.values(), " "):
        assert slug_of(Code, f"a{character}") == "string_pattern_mismatch"


@pytest.mark.parametrize("written", ["HZ-2026 0031", "hz-20260031", " HZ- 2026\u30000031 ", "ＨＺ－２０２６００３１"])
def test_a_reference_is_the_same_whatever_its_case_and_its_blanks(written: str) -> None:
    assert normal(written) == "hz-20260031"
