"""The language a client asked for."""

import pytest

from fangxing.text import Text, negotiate


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
