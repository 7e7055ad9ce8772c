"""Domain errors as values: a kind, a slug, a sentence in two languages, and the clause they come from.

An error type is declared once, where the rule lives, and called to make the error::

    ORDER_NOT_FOUND = ErrorType("order-not-found", Kind.NOT_FOUND, "没有订单 {order}", "There is no order {order}")
    raise ORDER_NOT_FOUND(order=order_id)

Only the web layer knows which HTTP status a kind becomes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from fangxing.text import Language, Text


class Kind(StrEnum):
    """What sort of failure an error is."""

    INVALID = "invalid"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not-found"
    CONFLICT = "conflict"
    MISMATCH = "mismatch"
    TOO_SLOW = "too-slow"
    TOO_LARGE = "too-large"
    HEAD_TOO_LARGE = "head-too-large"
    TOO_MANY = "too-many"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class ErrorType:
    """One kind of thing that can go wrong; calling it makes the `DomainError`."""

    slug: str
    kind: Kind
    zh: str
    en: str
    clause: str | None = None
    field: str | None = None

    def __call__(self, *, at: str | None = None, **params: object) -> "DomainError":
        return DomainError(self, params, at or self.field)


@dataclass(slots=True)
class DomainError(Exception):
    """An error of type `type`, with the parameters of its sentence and the input field it is about, if any."""

    type: ErrorType
    params: Mapping[str, object] = field(default_factory=dict)
    field: str | None = None

    def say(self, language: Language) -> str:
        """The sentence for a person."""
        return Text(self.type.zh, self.type.en).say(language, **self.params)

    def __str__(self) -> str:
        return f"{self.type.slug}: {self.say('en')}"
