"""Verdicts 裁决: what a rule answered, why, from which inputs, and what would make it pass.

A refusal is a verdict and is stored like an approval; only a malformed request is an error. A verdict's content is
canonical JSON and its hash is what events carry and what the decision log seals.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import orjson

from fangxing.clock import FACTORY_ZONE
from fangxing.text import Language, Text

Scalar = str | int | bool | None | Decimal | date | datetime | UUID


class Outcome(StrEnum):
    """What a verdict comes to where it names no state, no action and no road: `stop` is said in the yard."""

    REFUSED = "refused"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class ReasonType:
    """A reason a rule can give: its slug, its clause, the sentence, and what would make it pass."""

    slug: str
    clause: str
    text: Text
    remedy: Text | None = None

    def __call__(self, **params: Scalar | Text) -> "Reason":
        return Reason(self, params)


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason with its figures; a parameter that is a `Text` is said in the sentences and is no figure."""

    type: ReasonType
    params: Mapping[str, Scalar | Text] = field(default_factory=dict)

    def content(self) -> dict[str, object]:
        """The reason as it is stored: both languages, so that an old verdict reads the same for ever."""
        content: dict[str, object] = {
            "slug": self.type.slug,
            "clause": self.type.clause,
            "params": {name: plain(value) for name, value in self.params.items() if not isinstance(value, Text)},
            "text": self._both(self.type.text),
        }
        if self.type.remedy:
            content["remedy"] = self._both(self.type.remedy)
        return content

    def _both(self, text: Text) -> dict[str, str]:
        spoken = {name: _spoken(value) for name, value in self.params.items()}
        return {"zh-CN": text.say("zh-CN", **spoken), "en": text.say("en", **spoken)}

    def say(self, language: Language) -> str:
        """The sentence for a person."""
        return self._both(self.type.text)[language]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of a rule. `outcome` names what happened or who decides next; `inputs` is everything it looked at."""

    allowed: bool
    outcome: str
    reasons: tuple[Reason, ...] = ()
    inputs: Mapping[str, Scalar] = field(default_factory=dict)
    policy_versions: Mapping[str, int] = field(default_factory=dict)

    @property
    def clauses(self) -> list[str]:
        """The clauses the verdict rests on, in the order given."""
        return list(dict.fromkeys(reason.type.clause for reason in self.reasons))

    def content(self) -> dict[str, object]:
        """The stored form, in plain JSON types."""
        return {
            "allowed": self.allowed,
            "outcome": self.outcome,
            "clauses": self.clauses,
            "reasons": [reason.content() for reason in self.reasons],
            "inputs": {name: plain(value) for name, value in self.inputs.items()},
            "policy_versions": dict(self.policy_versions),
        }


def _spoken(value: Scalar | Text) -> str | int | bool | Text | None:
    """`value` as a person reads it: moments by the factory's clock, to the minute."""
    if isinstance(value, Text):
        return value
    if isinstance(value, datetime):
        return value.astimezone(FACTORY_ZONE).strftime("%Y-%m-%d %H:%M")
    return plain(value)


def plain(value: Scalar) -> str | int | bool | None:
    """`value` as a JSON scalar: decimals, dates and ids as strings."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return value


def canonical(content: object) -> bytes:
    """`content` as canonical JSON: sorted keys, no spaces, UTF-8."""
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS)


def content_hash(content: object) -> str:
    """SHA-256 of the canonical JSON of `content`, in hex."""
    return hashlib.sha256(canonical(content)).hexdigest()
