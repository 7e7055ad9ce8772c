"""Reading documents whole: a session on a read-only connection, with the day and the policies in effect."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from fangxing import policies
from fangxing.database import Reader, Tx
from fangxing.policies import PolicyBook
from fangxing.service import Runtime


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reading route has: `tx` can look up and can change nothing."""

    tx: Tx
    book: PolicyBook
    today: date


@asynccontextmanager
async def reading(runtime: Runtime, reader: Reader) -> AsyncIterator[Reading]:
    """Read through `reader` for the length of the block."""
    today = (await runtime.clock.time(reader)).today
    book = await policies.load(reader, runtime.service.policies, today)
    async with AsyncSession(reader, autoflush=False) as session:
        yield Reading(session, book, today)
