"""HTTP of breaches."""

from contract_svc.breaches.rules import KINDS
from fangxing.web.breaches import breach_router

router = breach_router(KINDS)
