"""The guard looks a pass up, with a queue of trucks behind."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, literal_column, select

from fangxing import throttles
from fangxing.database import Database, plain_sql
from fangxing.throttles import TOO_MANY_ATTEMPTS, Throttle, ThrottleRow
from fangxing.verdicts import Reason
from shipping_svc.gate.errors import NUMBER_MISTYPED, PASS_NOT_FOUND
from shipping_svc.gate.rules import Pass, judge_exit
from shipping_svc.gate.shapes import PassAtGate
from shipping_svc.papers.rules import is_short_number
from shipping_svc.papers.store import ExitPass

_SHOWN = [name for name in PassAtGate.model_fields if name not in ("valid", "why_not")]
# one row whatever there is: whether the caller guesses is asked together with what he asks
_LOOK_UP = plain_sql(
    select(ThrottleRow.failures, ThrottleRow.began_at, *[getattr(ExitPass, name) for name in _SHOWN])
    .select_from(select(literal_column("1")).subquery())
    .outerjoin(ThrottleRow, and_(ThrottleRow.kind == bindparam("kind"), ThrottleRow.who == bindparam("who")))
    .outerjoin(ExitPass, ExitPass.short_number == bindparam("short_number"))
)


async def look_up_pass(
    database: Database, short_number: str, now: datetime, *, guesses: Throttle, system_now: datetime
) -> tuple[Mapping[str, Any], tuple[Reason, ...]]:
    """The pass of a short number, and why it is not good now; empty where it is.

    Raises `exit-pass-mistyped`, so that a mistyped digit is said at once, `no-such-pass`, which is counted as a guess,
    or `too-many-attempts`.
    """
    if not is_short_number(short_number):
        raise NUMBER_MISTYPED(number=short_number)
    answer = await database.look_up(_LOOK_UP, guesses.kind, guesses.who, short_number)
    assert answer is not None
    wait = guesses.wait(answer["failures"], answer["began_at"], system_now)
    row = {name: answer[name] for name in _SHOWN}
    if not wait and row["short_number"] is None:
        async with database.transaction() as tx:
            wait = await throttles.count(tx, system_now, guesses)
    if wait:
        raise TOO_MANY_ATTEMPTS(seconds=wait)
    if row["short_number"] is None:
        raise PASS_NOT_FOUND(number=short_number)
    found = Pass(row["vehicle"], row["gate"], row["valid_until"], row["used_at"], row["voided_at"])
    return row, judge_exit(found, genuine=True, vehicle=found.vehicle, gate=found.gate, now=now)
