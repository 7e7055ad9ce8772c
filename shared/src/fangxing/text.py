"""What a person reads: every sentence in Chinese and in English, declared once beside the rule it belongs to."""

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


def _no_control_characters(value: str) -> str:
    if any(ord(character) < 32 and character not in "\n\t" for character in value) or "\x7f" in value:
        raise PydanticCustomError("control-character", "control characters such as NUL are not allowed")
    return value


_CLEAN = AfterValidator(_no_control_characters)

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
"""A short identifier people type: letters, digits, dot, dash and underscore."""
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), _CLEAN]
"""One line of text, 1 to 200 characters."""
Paragraph = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000), _CLEAN]
"""Free text, 1 to 4000 characters."""
Search = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), _CLEAN]
"""What a list is filtered by: up to 200 characters."""
