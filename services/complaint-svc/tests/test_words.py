"""People are told states and results in their own words, never by their codes."""

from collections.abc import Mapping
from enum import StrEnum

import pytest

from complaint_svc.complaints import errors as complaint_errors
from complaint_svc.complaints import reasons as complaint_reasons
from complaint_svc.complaints.rules import Status as ComplaintStatus
from complaint_svc.deciding import errors as deciding_errors
from complaint_svc.returns import errors as return_errors
from complaint_svc.returns import reasons as return_reasons
from complaint_svc.returns.rules import Result
from complaint_svc.returns.rules import Status as ReturnStatus
from fangxing.errors import ErrorType
from fangxing.text import Text


@pytest.mark.parametrize(
    ("codes", "names"),
    [
        (ComplaintStatus, complaint_reasons.STATUS_NAMES),
        (ReturnStatus, return_reasons.STATUS_NAMES),
        (Result, return_reasons.RESULT_NAMES),
    ],
)
def test_every_code_has_its_words(codes: type[StrEnum], names: Mapping[str, Text]) -> None:
    assert set(names) == set(codes)


@pytest.mark.parametrize(
    ("error", "names"),
    [
        (complaint_errors.NOT_TO_ROUTE, complaint_reasons.STATUS_NAMES),
        (deciding_errors.NOT_TO_HANDLE, complaint_reasons.STATUS_NAMES),
        (return_errors.NOT_TO_RECEIVE, return_reasons.STATUS_NAMES),
        (return_errors.NOT_TO_INSPECT, return_reasons.STATUS_NAMES),
        (return_errors.NOT_TO_CANCEL, return_reasons.STATUS_NAMES),
        (return_errors.RESULT_MISMATCH, return_reasons.RESULT_NAMES),
    ],
)
def test_what_is_refused_says_the_state_in_both_languages(error: ErrorType, names: Mapping[str, Text]) -> None:
    for code, words in names.items():
        said = error(number="1", status=words, derived=words)
        assert words.zh in said.say("zh-CN")
        assert code not in said.say("zh-CN")
        assert words.en in said.say("en")
