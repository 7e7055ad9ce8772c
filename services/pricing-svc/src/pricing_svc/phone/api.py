"""HTTP of words by phone."""

from fangxing.web.phone import phone_router
from pricing_svc.phone.policies import CHANNELS

router = phone_router(CHANNELS)
