"""What happens daily: papers that did not come are found."""

from fangxing.phone.lapsing import phone_timer
from pricing_svc.phone.policies import CHANNELS

TIMERS = (phone_timer(CHANNELS),)
