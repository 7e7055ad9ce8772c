"""Throttles: after so many wrong guesses nobody is heard for a while; counted in the database, for all processes.

What is counted outlives the request it refuses: it is written in a transaction of its own, and where a guess is right
nothing is written at all. A success clears what it proves, and nothing else: whoever has one password of his own does
not earn guesses at another.
"""

import ipaddress
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from prometheus_client import Counter
from sqlalchemy import ColumnElement, DateTime, Index, String, and_, case, delete, select, tuple_
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.orm import Mapped, mapped_column

from fangxing.database import Reader, Tx
from fangxing.database.tables import Table
from fangxing.errors import ErrorType, Kind

TOO_MANY_ATTEMPTS = ErrorType(
    "too-many-attempts",
    Kind.TOO_MANY,
    "尝试次数过多，请 {seconds} 秒后再试",
    "Too many attempts; try again in {seconds} s",
)

_LONGEST = 160
_KEPT = timedelta(days=30)

log = structlog.get_logger(__name__)
_FAILURES = Counter("fangxing_wrong_guesses_total", "Wrong passwords, device keys and exit passes", ["kind"])


class ThrottleRow(Table):
    """The failures of `who` since `began_at`, and when he last succeeded."""

    __tablename__ = "throttles"
    __table_args__ = (Index("ix_throttles_began_at", "began_at"),)

    kind: Mapped[str] = mapped_column(String(30), primary_key=True)
    who: Mapped[str] = mapped_column(String(_LONGEST), primary_key=True)
    began_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    failures: Mapped[int]
    succeeded_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


@dataclass(frozen=True, slots=True)
class Throttle:
    """At most `most` failures of `who` in `seconds`, counted from the first one."""

    kind: str
    who: str
    most: int
    seconds: int

    @property
    def row(self) -> ColumnElement[bool]:
        """Which row is this one's, for a statement that reads it along with what it is about."""
        return and_(ThrottleRow.kind == self.kind, ThrottleRow.who == self.who)

    def wait(self, failures: int | None, began_at: datetime | None, now: datetime) -> int:
        """Seconds until `who` may try again; 0 where he may now."""
        if failures is None or began_at is None or failures < self.most:
            return 0
        left = began_at + timedelta(seconds=self.seconds) - now
        return max(0, math.ceil(left.total_seconds()))


def source_of(address: str | None) -> str:
    """Whom an address stands for: a network of IPv6, of which anybody has 2⁶⁴ addresses, counts as one."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return "local"
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(parsed.ipv4_mapped or ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


async def standing(reader: Reader | Tx, *throttles: Throttle) -> Mapping[Throttle, Any]:
    """The rows of those of `throttles` that have one."""
    named = {(throttle.kind, throttle.who): throttle for throttle in throttles}
    rows = await reader.execute(
        select(ThrottleRow.__table__).where(tuple_(ThrottleRow.kind, ThrottleRow.who).in_(named))
    )
    return {named[row.kind, row.who]: row for row in rows}


async def count(tx: Tx, now: datetime, *throttles: Throttle) -> int:
    """Count one failure against each of `throttles`; seconds to wait where it was one too many for any, else 0."""
    waits = [await _count(tx, now, throttle) for throttle in sorted(throttles, key=lambda it: (it.kind, it.who))]
    return max(waits)


async def _count(tx: Tx, now: datetime, throttle: Throttle) -> int:
    _FAILURES.labels(throttle.kind).inc()
    inserted = pg_insert(ThrottleRow).values(kind=throttle.kind, who=throttle.who, began_at=now, failures=1)
    over = ThrottleRow.began_at <= now - timedelta(seconds=throttle.seconds)
    # a success that stands behind us opened a new window as well
    fresh = over | (ThrottleRow.failures == 0)
    counted = inserted.on_conflict_do_update(
        index_elements=[ThrottleRow.kind, ThrottleRow.who],
        set_={
            "failures": case((fresh, 1), else_=ThrottleRow.failures + 1),
            "began_at": case((fresh, now), else_=ThrottleRow.began_at),
        },
    ).returning(ThrottleRow.failures, ThrottleRow.began_at)
    row = (await tx.execute(counted)).one()
    if row.failures == 1:
        await tx.execute(delete(ThrottleRow).where(ThrottleRow.began_at < now - _KEPT))
    if row.failures == throttle.most:
        log.warning("throttle.closed", kind=throttle.kind, who=throttle.who, seconds=throttle.seconds)
    return throttle.wait(row.failures, row.began_at, now) if row.failures > throttle.most else 0


async def succeed(tx: Tx, now: datetime, throttle: Throttle) -> None:
    """Forget the failures of `throttle`, and remember that it succeeded."""
    row = {"kind": throttle.kind, "who": throttle.who, "began_at": now, "failures": 0, "succeeded_at": now}
    await tx.execute(
        pg_insert(ThrottleRow)
        .values(row)
        .on_conflict_do_update(index_elements=[ThrottleRow.kind, ThrottleRow.who], set_=row)
    )
