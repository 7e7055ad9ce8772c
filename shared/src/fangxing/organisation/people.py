"""People 员工 as every service knows them."""

from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from fangxing.database.tables import Table


class Person(Table):
    """A person as the newest `StaffChanged` had him; `place` is the code of his warehouse or gate."""

    __tablename__ = "people"
    __table_args__ = (Index("ix_people_superior", "superior"),)

    subject: Mapped[str] = mapped_column(String(80), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    department: Mapped[str | None] = mapped_column(String(80))
    place: Mapped[str | None] = mapped_column(String(64))
    superior: Mapped[str | None] = mapped_column(String(80))
    roles: Mapped[list[Any]] = mapped_column(JSONB)
    active: Mapped[bool]
