"""The table of breaches, and the sums of a person and month over it."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, DateTime, Index, String, func, select
from sqlalchemy import Text as TextColumn
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from fangxing.auth import SYSTEM
from fangxing.breaches.rules import FINAL, MOVES, UNDECIDED, BreachStatus, Fines
from fangxing.breaches.words import WORDS
from fangxing.clock import FACTORY_ZONE
from fangxing.database.tables import Table
from fangxing.database.types import YUAN, one_of
from fangxing.documents import Documented
from fangxing.roles import Role
from fangxing.text import Text


class Breach(Documented, Table):
    """A breach of one person in the case `about`, another document; once per kind, case and person.

    What the kind says is kept as it was when it was opened: `clause`, its names, and the range of the fine in yuan,
    null where the clause names none. `acted_as` is the role in which the person did it, `opened_as` the roles of who
    entered it by hand, `decider` who decides or judges next. `fine` in yuan is what he owes.
    """

    __tablename__ = "breaches"
    __table_args__ = (
        CheckConstraint("fine IS NULL OR coalesce(fine BETWEEN fine_least AND fine_most, false)", name="fine"),
        Index("uq_breaches_case", "kind", "about", "person", unique=True, postgresql_where="status <> 'withdrawn'"),
        Index("ix_breaches_person", "person", "opened_at"),
        Index("ix_breaches_status", "status", "id"),
        Index("ix_breaches_about", "about"),
    )
    document_kind, moves, final, words = "breach", MOVES, FINAL, WORDS

    kind: Mapped[str] = mapped_column(String(60))
    clause: Mapped[str] = mapped_column(String(20))
    name_zh: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    fine_least: Mapped[Decimal | None] = mapped_column(YUAN)
    fine_most: Mapped[Decimal | None] = mapped_column(YUAN)
    about: Mapped[str] = mapped_column(String(120))
    person: Mapped[str] = mapped_column(String(80))
    acted_as: Mapped[Role] = mapped_column(one_of(Role, "acted_as"))
    opened_as: Mapped[list[str]] = mapped_column(JSONB)
    decider: Mapped[Role] = mapped_column(one_of(Role, "decider"))
    evidence: Mapped[str] = mapped_column(TextColumn)
    opened_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    status: Mapped[BreachStatus] = mapped_column(one_of(BreachStatus))
    fine: Mapped[Decimal | None] = mapped_column(YUAN)
    serious_because: Mapped[str | None] = mapped_column(TextColumn)
    decision: Mapped[str | None] = mapped_column(TextColumn)
    decided_by: Mapped[str | None] = mapped_column(String(80))
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    appeal: Mapped[str | None] = mapped_column(TextColumn)
    judgement: Mapped[str | None] = mapped_column(TextColumn)
    judged_by: Mapped[str | None] = mapped_column(String(80))
    withdrawn_because: Mapped[str | None] = mapped_column(TextColumn)

    @property
    def name(self) -> Text:
        """What the kind is called."""
        return Text(self.name_zh, self.name_en)

    @property
    def fines(self) -> Fines | None:
        """The range of the clause."""
        if self.fine_least is None or self.fine_most is None:
            return None
        return Fines(self.fine_least, self.fine_most)

    @property
    def by_hand(self) -> bool:
        """Whether somebody entered it, and not the system."""
        return self.author != SYSTEM.id

    @property
    def undecided(self) -> bool:
        """Whether nobody has decided yet."""
        return self.status in UNDECIDED


_MONTH = func.to_char(func.timezone(FACTORY_ZONE.key, Breach.opened_at), "YYYY-MM")


class PersonMonth(Table):
    """What a person's breaches of one month come to, those withdrawn or lifted left out; `fines` in yuan."""

    __table__ = (
        select(
            (_MONTH + ":" + Breach.person).label("id"),
            _MONTH.label("month"),
            Breach.person,
            func.count().label("breaches"),
            func.count(Breach.fine).label("fined"),
            func.coalesce(func.sum(Breach.fine), 0).cast(YUAN).label("fines"),
        )
        .where(Breach.status.not_in({BreachStatus.WITHDRAWN, BreachStatus.LIFTED}))
        .group_by(_MONTH, Breach.person)
        .subquery("breaches_of_month")
    )
    __mapper_args__ = {"primary_key": [__table__.c.id]}  # noqa: RUF012  (read once, by the mapper)

    id: Mapped[str]
    month: Mapped[str]
    person: Mapped[str]
