"""Prices by phone: who may rely on whose word, and when the papers are due (3-8.2-B)."""

from fangxing.phone.policies import Channel, papers_policy
from fangxing.phone.rules import Bound, Liable
from fangxing.roles import Role
from fangxing.text import Text
from pricing_svc.breaches.rules import BEYOND_AUTHORITY, PAPERS_MISSED

PAPERS_DAYS = papers_policy("price_phone.papers_working_days", "3-8.2-B")

PRICE_BY_PHONE = Channel(
    slug="price",
    clause="3-8.2-B",
    text=Text("现场电话定价", "a price agreed by phone"),
    callers=frozenset({Role.SALES_REP, Role.SALES_MANAGER}),
    superiors=frozenset({Role.SALES_MANAGER, Role.GENERAL_MANAGER}),
    bound=Bound.LEAST_PRICE,
    liable=Liable.CALLER,
    papers_days=PAPERS_DAYS,
    missed=PAPERS_MISSED,
    # a price on a word that was never given is one beyond authority
    denied=BEYOND_AUTHORITY,
)
CHANNELS = (PRICE_BY_PHONE,)

POLICIES = (PAPERS_DAYS,)
