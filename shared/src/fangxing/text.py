"""What a person reads: every sentence in Chinese and in English, declared once beside the rule it belongs to."""

import unicodedata
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

Language = Literal["zh-CN", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence in both languages; `{name}` stands for a parameter."""

    zh: str
    en: str

    def say(self, language: Language, **params: object) -> str:
        """The sentence in `language` with its parameters filled in; an unknown one stays as `{name}`.

        A parameter that is a `Text` is said in the same language.
        """
        template = self.zh if language == "zh-CN" else self.en
        said = {name: value.say(language) if isinstance(value, Text) else value for name, value in params.items()}
        return template.format_map(_Lenient(said))


class _Lenient(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def negotiate(accept_language: str | None) -> Language:
    """The language a client asked for by Accept-Language; Chinese unless English is preferred to it."""
    best: Language = "zh-CN"
    best_quality = 0.0
    for part in (accept_language or "").split(","):
        tag, _, parameter = part.strip().partition(";")
        try:
            quality = float(parameter.strip().removeprefix("q=")) if parameter else 1.0
        except ValueError:
            quality = 0.0
        language: Language | None = (
            "zh-CN" if tag.lower().startswith("zh") else "en" if tag.lower().startswith("en") else None
        )
        if language and quality > best_quality:
            best, best_quality = language, quality
    return best


# what the categories below do not name and yet shows nothing: joiners, fillers, selectors of variants, Braille blank
_BLANK = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
    + "".join(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
)
_BREAKS = frozenset("\n\t\u2028\u2029")


def _visible(value: str) -> str:
    """`value`, if a person sees every character of it; newline and tab count as seen."""
    for character in value:
        category = unicodedata.category(character)
        if category == "Cc" and character not in _BREAKS:
            raise PydanticCustomError("control-character", "control characters such as NUL are not allowed")
        if category in ("Cf", "Cn", "Co") or character in _BLANK:
            raise PydanticCustomError("invisible-character", "zero-width marks and marks of direction are not allowed")
    return value


def _one_line(value: str) -> str:
    if not _BREAKS.isdisjoint(value):
        raise PydanticCustomError("line-break", "must be one line, without newline or tab")
    return _visible(value)


def normal(reference: str) -> str:
    """The form in which references are compared and kept unique: whatever their case, their width and their blanks."""
    folded = unicodedata.normalize("NFKC", reference).casefold()
    return "".join(unicodedata.normalize("NFKC", folded).split())


CODE = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
Code = Annotated[str, StringConstraints(pattern=CODE)]
"""A short identifier people type: letters, digits, dot, dash and underscore."""
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(_one_line)]
"""One line of text, 1 to 200 characters, all of them visible."""
Reference = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80), AfterValidator(_one_line)
]
"""The number of a payment, an invoice or a paper, 1 to 80 characters as its writer wrote it; compared by `normal`."""
Paragraph = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000), AfterValidator(_visible)
]
"""Free text, 1 to 4000 visible characters, newlines and tabs."""
Search = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), AfterValidator(_one_line)]
"""What a list is filtered by: one line, up to 200 characters."""
