"""What people are told has one word for one thing, in all services, and names roles as people do."""

import pytest

from fangxing_testing.words import of_two_meanings, of_two_slugs, roles_by_their_codes, told_by
from standalone.services import SERVICES

PACKAGES = ["fangxing", *(service.package for service in SERVICES.values())]


def test_no_slug_stands_for_two_things() -> None:
    assert of_two_meanings(told_by(*PACKAGES)) == []


def test_no_sentence_stands_behind_two_slugs() -> None:
    assert of_two_slugs(told_by(*PACKAGES)) == []


@pytest.mark.parametrize("package", PACKAGES)
def test_no_chinese_sentence_names_a_role_by_its_code(package: str) -> None:
    assert roles_by_their_codes(package) == []
