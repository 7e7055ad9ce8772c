"""The table of papers."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from fangxing.database.types import one_of
from fangxing.documents import Documented
from fangxing_testing.toy.papers.rules import FINAL, MOVES, Status
from fangxing_testing.toy.papers.words import WORDS
from fangxing_testing.toy.tables import ToyTable


class Paper(Documented, ToyTable):
    """A paper."""

    __tablename__ = "papers"
    document_kind, moves, final, words = "paper", MOVES, FINAL, WORDS
    number_in = "title"

    title: Mapped[str] = mapped_column(String(200))
    status: Mapped[Status] = mapped_column(one_of(Status))
