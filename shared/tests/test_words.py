"""What gathers the words of a service: an offender is found, and nothing else is."""

import sys
from pathlib import Path

import pytest

from fangxing.errors import ErrorType, Kind
from fangxing.text import Text
from fangxing.verdicts import ReasonType
from fangxing_testing import words
from fangxing_testing.toy.service import NOTE_CURSED, OVER_CEILING

GONE = ErrorType("gone", Kind.NOT_FOUND, "不见了", "It is gone")
GONE_TOO = ErrorType("gone", Kind.CONFLICT, "不见了", "It is gone")
ANOTHER = ErrorType("gone", Kind.NOT_FOUND, "又不见了", "It is gone again")
REASON = ReasonType("gone", "0-1", Text("不见了", "It is gone"))
BY_ANOTHER_SLUG = ErrorType("lost", Kind.NOT_FOUND, "不见了", "It is gone")


def test_what_a_package_tells_people_is_found() -> None:
    told = words.told_by("fangxing_testing", "fangxing")
    assert {NOTE_CURSED.slug, OVER_CEILING.slug, "role-required", "body-unreadable"} <= {one.slug for one in told}
    assert len({id(one) for one in told}) == len(told)


def test_the_machinery_has_one_word_for_one_thing_and_names_roles_as_people_do() -> None:
    told = words.told_by("fangxing_testing", "fangxing")
    assert (words.of_two_meanings(told), words.of_two_slugs(told)) == ([], [])
    assert words.roles_by_their_codes("fangxing") == []


def test_a_slug_that_stands_for_two_things_is_found() -> None:
    assert words.of_two_meanings([GONE, GONE_TOO, BY_ANOTHER_SLUG]) == []
    assert words.of_two_meanings([GONE, ANOTHER]) == ["gone: ['不见了', '又不见了']"]
    assert words.of_two_meanings([GONE, REASON]) == ["gone: ['不见了', '不见了']"]


def test_a_sentence_behind_two_slugs_is_found() -> None:
    assert words.of_two_slugs([GONE, REASON, ANOTHER]) == []
    assert words.of_two_slugs([GONE, BY_ANOTHER_SLUG]) == ["不见了: ['gone', 'lost']"]


SOURCE = '''"""说明 sales_rep。"""
TITLE = "请 sales_rep 办理"
VALUE = f"{TITLE}由quality确认"
QUOTED = "只能是 'quality'、'sales'"
KEY = "政策参数 route.quality"
ENGLISH = "for the sales_rep"
'''


def test_a_role_by_its_code_is_found_in_what_people_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "spoken"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "reasons.py").write_text(SOURCE, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert words.roles_by_their_codes("spoken") == ["reasons.py:2: 请 sales_rep 办理", "reasons.py:3: 由quality确认"]
    del sys.modules["spoken"]
