"""The toy writer's breaches and words by phone: what a service declares to have them."""

from decimal import Decimal

from fangxing.breaches.rules import BreachKind, Fines
from fangxing.phone.lapsing import phone_timer
from fangxing.phone.policies import Channel, papers_policy
from fangxing.phone.rules import Bound, Liable
from fangxing.roles import Role
from fangxing.text import Text
from fangxing.web.breaches import breach_router
from fangxing.web.phone import phone_router

CARELESS = BreachKind(
    "careless", "0-3", Text("字迹潦草", "careless"), Role.SALES_MANAGER, Fines(Decimal("20.00"), Decimal("100.00"))
)
PAPERS_MISSED = BreachKind("papers-missed", "0-4", Text("手续未补", "papers missed"), Role.SALES_MANAGER)
REPS, SUPERIORS = frozenset({Role.SALES_REP}), frozenset({Role.SALES_MANAGER, Role.GENERAL_MANAGER})
PAPERS_DAYS = papers_policy("toy.phone_papers", "0-4")
NOTE_BY_PHONE = Channel(
    *("note", "0-4", Text("便条电话授权", "a note by phone"), REPS, SUPERIORS),
    *(Bound.MOST_VALUE, Liable.CALLER, PAPERS_DAYS, PAPERS_MISSED, CARELESS),
)
breaches, phone_words = breach_router([CARELESS, PAPERS_MISSED]), phone_router([NOTE_BY_PHONE])
TIMERS = [phone_timer([NOTE_BY_PHONE])]
