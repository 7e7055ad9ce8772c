"""Which actions of this chapter no person does both of."""

from fangxing.breaches.rules import BREACH_PAIRS
from fangxing.documents import incompatible_actions
from fangxing.phone.rules import PHONE_PAIRS

PAIRS = incompatible_actions(
    __name__,
    ("price-proposal.propose", "price-proposal.sign_opinion"),
    # two opinions, two persons
    ("price-proposal.sign_opinion", "price-proposal.sign_opinion"),
    ("price-proposal.propose", "price-proposal.decide"),
    ("price-proposal.sign_opinion", "price-proposal.decide"),
    ("price-proposal.submit", "price-proposal.decide"),
    ("authority-table.draft", "authority-table.decide"),
    ("authority-table.revise", "authority-table.decide"),
    *BREACH_PAIRS,
    *PHONE_PAIRS,
)

POLICIES = (PAIRS,)
