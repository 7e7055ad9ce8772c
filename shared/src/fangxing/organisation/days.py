"""The factory's calendar 工作日历: its own days, and a warehouse's, over those of the nation."""

from datetime import date

from sqlalchemy import Date, String, select
from sqlalchemy.orm import Mapped, mapped_column

from fangxing.calendar import WorkingDays
from fangxing.database import Reader, Tx
from fangxing.database.tables import Table

FACTORY = ""
"""The place whose days hold everywhere."""


class OwnDay(Table):
    """A day on which the factory, or one warehouse, differs from the nation's calendar."""

    __tablename__ = "own_days"

    place: Mapped[str] = mapped_column(String(64), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    working: Mapped[bool]


async def working_days(connection: Tx | Reader, place: str = FACTORY) -> WorkingDays:
    """The working days at `place`: the nation's, but for the factory's own, but for those of the place."""
    rows = await connection.execute(
        select(OwnDay.day, OwnDay.working).where(OwnDay.place.in_({FACTORY, place})).order_by(OwnDay.place)
    )
    return WorkingDays({day: working for day, working in rows})
