"""HTTP of breaches."""

from fangxing.web.breaches import breach_router
from pricing_svc.breaches.rules import KINDS

router = breach_router(KINDS)
