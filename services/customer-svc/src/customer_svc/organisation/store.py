"""Tables of the organisation."""

from datetime import date
from typing import Any

from sqlalchemy import Date, ForeignKey, String, select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.orm import Mapped, mapped_column

from customer_svc.tables import Table
from fangxing.database import Tx
from fangxing.organisation.days import FACTORY
from fangxing.outbox import Counted


class FactoryCalendar(Counted, Table):
    """The calendar of the factory, or of one warehouse `place`."""

    __tablename__ = "calendars"

    place: Mapped[str] = mapped_column(String(64), primary_key=True)

    @property
    def document(self) -> str:
        """The calendar's name as a document: "calendar/WH-1", that of the factory "calendar/"."""
        return f"calendar/{self.place}"


class FactoryDay(Table):
    """A day that is not as the nation has it, with what people call it."""

    __tablename__ = "factory_days"

    place: Mapped[str] = mapped_column(ForeignKey("calendars.place"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    working: Mapped[bool]
    name: Mapped[str] = mapped_column(String(200))
    author: Mapped[str] = mapped_column(String(80))


class CalendarYear(Table):
    """A year whose calendar somebody has said to be complete."""

    __tablename__ = "calendar_years"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    confirmed_by: Mapped[str] = mapped_column(String(80))
    confirmed_on: Mapped[date] = mapped_column(Date)

    @staticmethod
    def named(year: int) -> str:
        """The name of a year's calendar as a document."""
        return f"calendar-year/{year}"


async def lock_calendar(tx: Tx, place: str) -> FactoryCalendar:
    """The calendar of `place`, its row locked; begun where it is the first time."""
    await tx.execute(pg_insert(FactoryCalendar).values(place=place, facts=0).on_conflict_do_nothing())
    statement = select(FactoryCalendar).where(FactoryCalendar.place == place).with_for_update()
    return (await tx.scalars(statement.execution_options(populate_existing=True))).one()


async def own_days(connection: Any, place: str, first: date, last: date) -> dict[tuple[str, date], FactoryDay]:
    """The days from `first` to `last` that the factory or `place` has of its own, by place and day."""
    rows = await connection.execute(
        select(FactoryDay.__table__).where(FactoryDay.place.in_({FACTORY, place}), FactoryDay.day.between(first, last))
    )
    return {(row.place, row.day): row for row in rows}
