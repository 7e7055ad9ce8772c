"""Paper 打印件: a document as A4, made from its shape and a Typst template beside it, in Chinese or in English.

The template says where things stand; what they are called comes from the shape, by the `Text` among a field's
annotations.
The same data makes the same bytes: a paper says when its document was signed, never when it was printed.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import get_args

import cn2an
import cvttf_NotoSansCJK_Regular
import orjson
import segno
import typst
from pydantic import BaseModel

from fangxing.labels import heading_of
from fangxing.roles import Role
from fangxing.sight import Roles, Sight, fields_of
from fangxing.text import Language, Text

_BASE = Path(__file__).with_name("base.typ").read_text(encoding="utf-8")
_LAST = "#show: whole\n#for (place, copy) in input.copies.enumerate() { sheets(place, copy, content) }\n"


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy 联 of a paper: what it is called, and the role whose eyes it is for where that is not who prints it."""

    name: Text
    reader: Role | None = None


class Paper:
    """How documents of `shape` are printed: the file of the template, the title, the copies one print consists of.

    The template defines `content(copy)` out of what base.typ offers. `capitals` names the amounts (yuan) of the shape
    that are also written in capitals 大写, `code` the text a QR code holds.
    """

    def __init__(
        self,
        shape: type[BaseModel],
        template: Path,
        title: Text,
        *,
        copies: Sequence[Copy] = (Copy(Text("", "")),),
        capitals: Sequence[str] = (),
        code: str | None = None,
    ) -> None:
        self._source = f"{_BASE}\n{template.read_text(encoding='utf-8')}\n{_LAST}".encode()
        self._sight = Sight(shape)
        self._headings = dict(_headings(shape))
        self._title, self._copies, self._capitals, self._code = title, copies, capitals, code

    def pdf(self, document: BaseModel, name: str, roles: Roles, language: Language) -> bytes:
        """All copies of `document`, called `name` on every sheet, with what a caller in `roles` may see."""
        seen = self._sight.masked(document.model_dump_json().encode(), roles)
        data = {
            "language": language,
            "title": self._title.say(language),
            "name": name,
            "headings": {path: text.say(language) for path, text in self._headings.items()},
            "copies": [self._copy(copy, seen, language) for copy in self._copies],
        }
        content: bytes = typst.compile(
            self._source, font_paths=_fonts(), sys_inputs={"data": json.dumps(data, ensure_ascii=False)}, timestamp=0
        )
        return content

    def _copy(self, copy: Copy, seen: bytes, language: Language) -> dict[str, object]:
        if copy.reader is not None:
            seen = self._sight.masked(seen, frozenset({copy.reader}))
        document = orjson.loads(seen)
        amounts = {name: document[name] for name in self._capitals if document[name] is not None}
        return {
            "name": copy.name.say(language),
            "document": document,
            "capitals": {name: capitals(Decimal(amount)) for name, amount in amounts.items()},
            "code": segno.make(document[self._code], error="m").svg_inline() if self._code else None,
        }


def capitals(amount: Decimal) -> str:
    """`amount` (yuan, to the cent) in the capitals of cheques 人民币大写: 1680.32 is 壹仟陆佰捌拾元叁角贰分."""
    said: str = cn2an.an2cn(format(amount, ".2f"), "rmb")
    return said


@cache
def _fonts() -> typst.Fonts:
    # one font for every machine: what a system has would make other bytes of the same document
    folder = Path(cvttf_NotoSansCJK_Regular.get_TTF_path()).parent
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


def _headings(shape: type[BaseModel], above: str = "") -> Iterator[tuple[str, Text]]:
    for name, annotation, metadata in fields_of(shape):
        yield f"{above}{name}", heading_of(name, metadata)
        for inner in (annotation, *get_args(annotation)):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                yield from _headings(inner, f"{above}{name}.")
