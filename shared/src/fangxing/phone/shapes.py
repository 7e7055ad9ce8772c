"""What is asked and answered about words by phone."""

from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from fangxing.answers import Judged
from fangxing.breaches.shapes import DocumentName
from fangxing.money import PositiveTons, PositiveYuan, Tons, Yuan
from fangxing.phone.rules import WordAction, WordStatus
from fangxing.phone.store import PhoneWord
from fangxing.roles import Role
from fangxing.text import Code, Language, Line, Paragraph, Reference, Text
from fangxing.validation import Body


class RegisterWord(Body):
    """A superior's word, as he gave it by phone: who, when, for what, how far and until when.

    `superior` is the subject he signs in as. One bound, that of the channel: the lowest price in yuan a ton, the most
    yuan, or the most tons. `once`: for one document alone, of several otherwise within the bound together.
    """

    channel: Code
    superior: Reference
    superior_role: Role
    given_at: AwareDatetime
    expires_at: AwareDatetime
    scope: Line
    about: DocumentName | None = None
    least_price: PositiveYuan | None = None
    most_value: PositiveYuan | None = None
    most_tons: PositiveTons | None = None
    once: bool = True


class BringPapers(Body):
    """The papers of a word: what they are, and files the caller has sent."""

    papers: Paragraph
    attachments: list[UUID] = Field(default_factory=list, max_length=50)


class EndWord(Body):
    """Why a word is denied, or taken back unused."""

    because: Paragraph


class WordRow(BaseModel):
    """A word by phone in a list; `missed_on` is the day its papers were found missing."""

    id: UUID
    channel: str
    clause: Annotated[str, Text("条款", "clause")]
    name: Annotated[str, Text("事项", "matter")]
    author: Annotated[str, Text("办理人", "acted on by")]
    superior: Annotated[str, Text("授权上级", "given by")]
    superior_role: Role
    liable: Annotated[str, Text("补手续责任人", "papers due from")]
    given_at: Annotated[datetime, Text("通话时间", "given")]
    expires_at: Annotated[datetime, Text("到期", "expires")]
    scope: Annotated[str, Text("授权内容", "scope")]
    about: Annotated[str | None, Text("单据", "document")]
    least_price: Annotated[Yuan | None, Text("最低价（元/吨）", "least price (yuan/t)")]
    most_value: Annotated[Yuan | None, Text("最高金额（元）", "most yuan")]
    most_tons: Annotated[Tons | None, Text("最多吨数", "most tons")]
    once: bool
    status: Annotated[WordStatus, Text("状态", "state")]
    papers_at: datetime | None
    confirmed_at: datetime | None
    missed_on: Annotated[date | None, Text("逾期日", "papers missed")]
    breach_id: UUID | None

    @classmethod
    def show(cls, row: Any, language: Language) -> Self:
        """The word of a row, in the caller's language."""
        name = row["name_zh"] if language == "zh-CN" else row["name_en"]
        return cls(name=name, **{field: row[field] for field in cls.model_fields if field != "name"})


class UseOut(BaseModel):
    """A document that was done on a word, with its figure in the unit of the word's bound."""

    document: str
    figure: Tons
    used_at: datetime


class WordOut(WordRow):
    """One word, its papers, why it ended, what was done on it, and what the caller may do."""

    papers: str | None
    ended_because: str | None
    uses: list[UseOut]
    actions: list[WordAction]

    @classmethod
    def of(cls, word: PhoneWord, actions: list[str], language: Language) -> Self:
        """The word as it is shown."""
        row = {name: getattr(word, name) for name in cls.model_fields.keys() - {"name", "uses", "actions"}}
        uses = [UseOut(document=use.document, figure=use.figure, used_at=use.used_at) for use in word.uses]
        return cls.model_validate({**row, "name": word.name.say(language), "uses": uses, "actions": actions})


class WordJudged(Judged):
    """Whether the word was taken; `word` is null where the channel is closed."""

    word: WordOut | None
