"""HTTP of breaches."""

from fangxing.web.breaches import breach_router
from shipping_svc.breaches.rules import KINDS

router = breach_router(KINDS)
