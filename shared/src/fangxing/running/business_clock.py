"""Business time of one database: the system clock, moved ahead by whole days only where the database is marked demo."""

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, Integer, select, text
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.orm import Mapped, mapped_column

from fangxing.clock import BusinessTime, SystemClock, business_time
from fangxing.database import Reader, Tx, plain_sql
from fangxing.database.tables import Table
from fangxing.errors import ErrorType, Kind

NOT_A_DEMO = ErrorType(
    "not-a-demo",
    Kind.FORBIDDEN,
    "只有演示数据库才能拨动业务时间",
    "Business time moves in a demo database alone",
)


class BusinessClockRow(Table):
    """The one row: whether this is a demo database, and how many days its business time is ahead."""

    __tablename__ = "business_clock"
    __table_args__ = (
        CheckConstraint("id = 1", name="one_row"),
        CheckConstraint("demo OR days_ahead = 0", name="only_demo_moves"),
        CheckConstraint("days_ahead >= 0", name="forward"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    demo: Mapped[bool] = mapped_column(Boolean)
    days_ahead: Mapped[int]


_DAYS_AHEAD = select(BusinessClockRow.days_ahead)
DAYS_AHEAD = plain_sql(_DAYS_AHEAD)
"""How many days business time is ahead, for `Database.look_up`."""


class BusinessClock:
    """Tells business time. `demo` is what the database said when the service started."""

    def __init__(self, system: SystemClock, *, demo: bool) -> None:
        self.system = system
        self.demo = demo

    async def time(self, connection: Tx | Reader) -> BusinessTime:
        """The business moment now; a real database is not asked."""
        days = 0
        if self.demo:
            result = await connection.execute(_DAYS_AHEAD)
            days = result.scalar_one()
        return business_time(self.system.now(), days)

    async def advance(self, tx: Tx, days: int) -> datetime:
        """Move business time `days` calendar days forward; the new moment. Raises `not-a-demo`."""
        row = (await tx.scalars(select(BusinessClockRow).with_for_update())).one()
        if not row.demo:
            raise NOT_A_DEMO()
        row.days_ahead += days
        await tx.flush()
        return business_time(self.system.now(), row.days_ahead).now


async def marked(connection: Tx | Reader) -> bool | None:
    """Whether the database is a demo one; None where nothing was begun in it."""
    if (await connection.execute(text("SELECT to_regclass('business_clock')"))).scalar_one() is None:
        return None
    return (await connection.execute(select(BusinessClockRow.demo))).scalar_one_or_none()


async def mark(tx: Tx, *, demo: bool) -> bool:
    """Write the row where it is missing and return whether the database is a demo one.

    The first mark stands, and a database that holds data without one is real.
    """
    begun = (await tx.execute(text("SELECT EXISTS (SELECT FROM outbox) OR EXISTS (SELECT FROM verdicts)"))).scalar_one()
    row = {"id": 1, "demo": demo and not begun, "days_ahead": 0}
    await tx.execute(pg_insert(BusinessClockRow).values(row).on_conflict_do_nothing())
    marked: bool = (await tx.execute(select(BusinessClockRow.demo))).scalar_one()
    return marked
