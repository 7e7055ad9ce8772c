"""The rules of grades and limits, and the life of an application for them (2-5.3.1, 2-5.4)."""

from decimal import Decimal
from enum import StrEnum

from fangxing.clauses import clause
from fangxing.positions import Grade


class ApplicationStatus(StrEnum):
    """The life of an application.

    `approved` waits for finance; `in_force` acts, for less credit also before finance confirms it; `lapsed`: the grade
    fell by itself before it acted.
    """

    IN_APPROVAL = "in_approval"
    REJECTED = "rejected"
    RETURNED = "returned"
    APPROVED = "approved"
    IN_FORCE = "in_force"
    LAPSED = "lapsed"


UNDER_WAY = (ApplicationStatus.IN_APPROVAL, ApplicationStatus.APPROVED)
"""An application that has not acted yet."""


@clause("2-5.3.1-B")
def limit_fits_grade(grade: Grade, limit: Decimal | None) -> bool:
    """B needs a limit greater than 0; every other grade has none of its own."""
    return limit is not None and limit > 0 if grade is Grade.B else limit is None
