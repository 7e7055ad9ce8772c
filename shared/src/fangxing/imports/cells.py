"""A cell as a value: what its column takes, and what is wrong with anything else. Nothing is guessed or repaired."""

import math
from collections.abc import Callable, Mapping
from datetime import datetime, time
from decimal import Decimal

from fangxing.errors import DomainError
from fangxing.imports import errors
from fangxing.imports.declaring import Field, Takes
from fangxing.text import Text, normal

Raw = tuple[object, str]
"""The value of a cell, and openpyxl's letter of what it is: n, s, b, d, f (a formula), e (an error)."""
_LARGE = 10**12
# Excel keeps fifteen digits
_EXACT = 10**15


def read_cell(field: Field, raw: Raw) -> object | DomainError:
    """The value that `raw` is for the column `field`, or what is wrong with it."""
    value, letter = raw
    if letter == "f":
        return errors.FORMULA()
    if letter == "e":
        return errors.ERROR_VALUE()
    return _READ[field.takes](field, value)


def _text(field: Field, value: object) -> object | DomainError:
    if isinstance(value, str):
        return errors.BLANK_AT_EDGE() if value != value.strip() else value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return errors.NOT_TEXT()
    if field.column.identifier:
        return errors.NUMBER_FOR_IDENTIFIER()
    return str(int(value)) if _is_whole(value) and abs(value) < _EXACT else errors.NOT_TEXT()


def _is_whole(value: int | float) -> bool:
    return isinstance(value, int) or (math.isfinite(value) and value.is_integer())


def _number(value: object) -> int | float | DomainError:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return errors.NOT_A_NUMBER()
    return value if math.isfinite(value) and abs(value) < _LARGE else errors.NUMBER_TOO_LARGE()


def _whole(field: Field, value: object) -> object | DomainError:
    number = _number(value)
    if isinstance(number, DomainError):
        return number
    return int(number) if _is_whole(number) else errors.NOT_WHOLE()


def _decimal(field: Field, value: object) -> object | DomainError:
    number = _number(value)
    # what follows the fifteenth digit is of Excel's arithmetic, and nobody sees it there
    return number if isinstance(number, DomainError) else Decimal(format(number, ".15g"))


def _date(field: Field, value: object) -> object | DomainError:
    if isinstance(value, datetime):
        return errors.TIME_OF_DAY() if value.time() != time() else value.date()
    return errors.NOT_A_DATE()


def _choice(field: Field, value: object) -> object | DomainError:
    if isinstance(value, str) and value != value.strip():
        return errors.BLANK_AT_EDGE()
    for member, said in field.choices.items():
        if value is member or (isinstance(value, str) and normal(value) in _spellings(member, said)):
            chosen: object = member
            return chosen
    return errors.NOT_A_CHOICE(choices=spoken(field.choices))


def _spellings(member: object, said: Text) -> set[str]:
    return {normal(said.zh), normal(said.en), *((normal(member),) if isinstance(member, str) else ())}


def spoken(choices: Mapping[object, Text]) -> Text:
    """The members of a closed set, as people say them."""
    return Text("、".join(said.zh for said in choices.values()), ", ".join(said.en for said in choices.values()))


_READ: Mapping[Takes, Callable[[Field, object], object | DomainError]] = {
    Takes.TEXT: _text,
    Takes.WHOLE: _whole,
    Takes.DECIMAL: _decimal,
    Takes.DATE: _date,
    Takes.CHOICE: _choice,
}
