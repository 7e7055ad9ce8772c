"""The kinds of breach that chapter 5 names."""

from fangxing.breaches.rules import BreachKind
from fangxing.roles import Role
from fangxing.text import Text

PAPERS_MISSED = BreachKind(
    "emergency-papers-missed",
    "5-4.2.5",
    Text("紧急出货单据未按时补上", "papers of an emergency shipment not brought in time"),
    Role.GENERAL_MANAGER,
)
"""The sales manager's, who gave the word, and so the GM's to decide; the clause names no fine."""

KINDS = (PAPERS_MISSED,)
