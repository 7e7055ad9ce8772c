"""The guard looks a pass up, with a queue of trucks behind."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from fangxing.database import Database, plain_sql
from fangxing.verdicts import Reason
from shipping_svc.gate.errors import NUMBER_MISTYPED, PASS_NOT_FOUND
from shipping_svc.gate.rules import Pass, judge_exit
from shipping_svc.gate.shapes import PassAtGate
from shipping_svc.papers.rules import is_short_number
from shipping_svc.papers.store import ExitPass

_LOOK_UP = plain_sql(
    select(*[getattr(ExitPass, name) for name in PassAtGate.model_fields if name not in ("valid", "why_not")]).where(
        ExitPass.short_number == bindparam("short_number")
    )
)


async def look_up_pass(
    database: Database, short_number: str, now: datetime
) -> tuple[Mapping[str, Any], tuple[Reason, ...]]:
    """The pass of a short number, and why it is not good now; empty where it is.

    Raises `exit-pass-mistyped`, so that a mistyped digit is said at once, or `no-such-pass`.
    """
    if not is_short_number(short_number):
        raise NUMBER_MISTYPED(number=short_number)
    row = await database.look_up(_LOOK_UP, short_number)
    if row is None:
        raise PASS_NOT_FOUND(number=short_number)
    found = Pass(row["vehicle"], row["gate"], row["valid_until"], row["used_at"], row["voided_at"])
    return row, judge_exit(found, genuine=True, vehicle=found.vehicle, gate=found.gate, now=now)
