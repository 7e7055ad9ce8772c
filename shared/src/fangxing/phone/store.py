"""The tables of words by phone and of what was done on them."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, Numeric, String
from sqlalchemy import Text as TextColumn
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fangxing.breaches.store import Breach
from fangxing.database.tables import Table
from fangxing.database.types import TONS, YUAN, one_of
from fangxing.documents import Documented
from fangxing.phone.rules import FINAL, MOVES, Bound, Word, WordStatus
from fangxing.phone.words import WORDS
from fangxing.roles import Role
from fangxing.text import Text


class PhoneUse(Table):
    """What was done on a word: the `figure` of one document, in the unit of the word's bound."""

    __tablename__ = "phone_uses"

    word_id: Mapped[UUID] = mapped_column(ForeignKey("phone_words.id"), primary_key=True)
    document: Mapped[str] = mapped_column(String(120), primary_key=True)
    figure: Mapped[Decimal] = mapped_column(Numeric(17, 3))
    used_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class PhoneWord(Documented, Table):
    """A superior's word by phone, registered by `author`, who acts on it as `acted_as`.

    Exactly one of `least_price` (yuan a ton), `most_value` (yuan) and `most_tons` bounds it. `about` is the document it
    is for, null where there is none yet. `liable` brings the papers; `missed_on` is the day they were found missing and
    `breach_id` the breach by that, or by the superior's denial.
    """

    __tablename__ = "phone_words"
    __table_args__ = (
        CheckConstraint("num_nonnulls(least_price, most_value, most_tons) = 1", name="bound"),
        CheckConstraint("expires_at > given_at", name="expiry"),
        CheckConstraint("superior <> author", name="two_people"),
        Index("ix_phone_words_liable", "liable", "channel"),
        Index("ix_phone_words_author", "author", "id"),
        Index("ix_phone_words_superior", "superior", "id"),
        Index("ix_phone_words_status", "status", "id"),
    )
    document_kind, moves, final, words = "phone-word", MOVES, FINAL, WORDS

    channel: Mapped[str] = mapped_column(String(60))
    clause: Mapped[str] = mapped_column(String(20))
    name_zh: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    acted_as: Mapped[Role] = mapped_column(one_of(Role, "acted_as"))
    superior: Mapped[str] = mapped_column(String(80))
    superior_role: Mapped[Role] = mapped_column(one_of(Role, "superior_role"))
    liable: Mapped[str] = mapped_column(String(80))
    liable_as: Mapped[Role] = mapped_column(one_of(Role, "liable_as"))
    given_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    registered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    scope: Mapped[str] = mapped_column(String(200))
    about: Mapped[str | None] = mapped_column(String(120))
    least_price: Mapped[Decimal | None] = mapped_column(YUAN)
    most_value: Mapped[Decimal | None] = mapped_column(YUAN)
    most_tons: Mapped[Decimal | None] = mapped_column(TONS)
    once: Mapped[bool]
    status: Mapped[WordStatus] = mapped_column(one_of(WordStatus))
    papers: Mapped[str | None] = mapped_column(TextColumn)
    papers_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    confirmed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_because: Mapped[str | None] = mapped_column(TextColumn)
    missed_on: Mapped[date | None] = mapped_column(Date)
    breach_id: Mapped[UUID | None] = mapped_column(ForeignKey(Breach.id))
    uses: Mapped[list[PhoneUse]] = relationship(order_by=PhoneUse.document, lazy="selectin")

    @property
    def name(self) -> Text:
        """What the channel is called."""
        return Text(self.name_zh, self.name_en)

    def judged(self) -> Word:
        """The word as the rules read it."""
        limits = {bound: getattr(self, bound) for bound in Bound}
        bound = next(bound for bound, limit in limits.items() if limit is not None)
        return Word(
            name=self.document,
            clause=self.clause,
            author=self.author,
            status=self.status,
            papers_missed=self.missed_on is not None,
            bound=bound,
            limit=limits[bound],
            once=self.once,
            about=self.about,
            expires_at=self.expires_at,
            used={use.document: use.figure for use in self.uses},
        )
