"""Two clocks, always injected: business time (dates, deadlines) and system time (tokens, retries, the outbox).

Business time may run ahead of system time by whole days, and only in a database marked as demo.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

FACTORY_ZONE = ZoneInfo("Asia/Shanghai")


class SystemClock(Protocol):
    """Where the present moment comes from."""

    def now(self) -> datetime:
        """The present moment, in UTC."""
        ...


class RealClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class BusinessTime:
    """One moment of business time, fixed for the length of a unit of work."""

    now: datetime

    @property
    def today(self) -> date:
        """The business date at the factory."""
        return self.now.astimezone(FACTORY_ZONE).date()


def business_time(system_now: datetime, days_ahead: int) -> BusinessTime:
    """Business time that runs `days_ahead` calendar days ahead of `system_now`."""
    return BusinessTime(system_now + timedelta(days=days_ahead))
