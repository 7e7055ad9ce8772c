"""What a message says: what is asked, about what, by when. Quiet: however many tasks there are, it is one message."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from fangxing.matters import Matter
from fangxing.roles import MONEY_ROLES, ROLE_NAMES, Role
from fangxing.tasks import TaskRow
from fangxing.text import Language, Text

_SEE_MONEY = MONEY_ROLES - {Role.SALES_REP}
"""A rep sees the money of his own customers alone, and a group of reps is many."""

_HEADING = Text("{role}：{count} 条新待办", "{role}: {count} new tasks")
_DOCUMENT = Text("单据 {number}", "document {number}")
_CUSTOMER = Text("客户 {customer}", "customer {customer}")
_AMOUNT = Text("{amount} 元", "{amount} yuan")
_DUE = Text("请于 {due_on} 前办理", "due on {due_on}")
_MORE = Text("另有 {count} 条，请看待办列表", "{count} more: see the list of tasks")
# what markup is made of, by what looks the same and means nothing
_PLAIN = str.maketrans("<>[]()*`#|_~\\\n\r", "＜＞［］（）＊＇＃｜＿～＼  ")


@dataclass(frozen=True, slots=True)
class Item:
    """One task: what is asked, what there is to know of it, and where to find it."""

    asked: str
    known: str
    link: str | None


@dataclass(frozen=True, slots=True)
class Message:
    """What is told at once; `more` says how many tasks there was no room for."""

    heading: str
    items: tuple[Item, ...]
    more: str | None = None

    def text(self) -> str:
        """The message without any markup."""
        lines = [self.heading]
        for item in self.items:
            lines += ["", item.asked, item.known, *([item.link] if item.link else [])]
        return "\n".join([*lines, *(["", self.more] if self.more else [])])

    def markdown(self, line: str) -> str:
        """The message in the markdown that robots know, in which `line` ends one."""
        lines = [f"**{_plain(self.heading)}**"]
        for item in self.items:
            asked = _plain(item.asked)
            lines += [f"[{asked}]({item.link})" if item.link else asked, f"> {_plain(item.known)}"]
        return line.join([*lines, *([self.more] if self.more else [])])


def message(
    role: Role, tasks: Sequence[tuple[TaskRow, Matter]], language: Language, base_url: str | None, *, most_bytes: int
) -> Message:
    """What `role` is told of `tasks`, the most urgent first, in at most `most_bytes` of UTF-8.

    Without amounts for those who see no money.
    """
    name = Text(*ROLE_NAMES[role])
    urgent = sorted(tasks, key=lambda one: (one[0].due_on, one[0].id))
    items = tuple(_item(role, task, matter, language, base_url) for task, matter in urgent)
    whole = Message(_HEADING.say(language, role=name, count=len(items)), items)
    said = whole
    while len(said.markdown("\n\n").encode()) > most_bytes and said.items:
        shown = said.items[:-1]
        said = replace(whole, items=shown, more=_MORE.say(language, count=len(items) - len(shown)))
    return said


def _item(role: Role, task: TaskRow, matter: Matter, language: Language, base_url: str | None) -> Item:
    known = [
        _DOCUMENT.say(language, number=matter.number) if matter.number else None,
        _CUSTOMER.say(language, customer=matter.customer) if matter.customer else None,
        _AMOUNT.say(language, amount=matter.amount) if matter.amount is not None and role in _SEE_MONEY else None,
        _DUE.say(language, due_on=task.due_on),
    ]
    return Item(
        asked=Text(task.title_zh, task.title_en).say(language),
        known=" · ".join(part for part in known if part),
        link=f"{base_url.rstrip('/')}/{quote(task.document)}" if base_url else None,
    )


def _plain(words: str) -> str:
    return words.translate(_PLAIN)
