"""Money 金额 and weight 重量: exact decimals, two places for yuan and three for tons, strings in JSON.

A JSON number is refused: a float cannot hold every cent. A third decimal is refused, never rounded away.
"""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

CENT = Decimal("0.01")
KILOGRAM = Decimal("0.001")
ZERO = Decimal("0.00")

_DECIMAL = re.compile(r"-?\d{1,12}(\.\d+)?", re.ASCII)


def cents(value: Decimal) -> Decimal:
    """The amount in yuan, rounded half up to the cent."""
    return value.quantize(CENT, ROUND_HALF_UP)


def value_of(tons: Decimal, price_per_ton: Decimal) -> Decimal:
    """The value in yuan of `tons` at `price_per_ton` yuan, rounded half up to the cent."""
    return cents(tons * price_per_ton)


def _parse(places: int) -> BeforeValidator:
    def parse(value: object) -> Decimal:
        if isinstance(value, Decimal):
            number = value
        elif isinstance(value, str) and _DECIMAL.fullmatch(value):
            number = Decimal(value)
        else:
            raise PydanticCustomError("decimal-string", 'a decimal number in quotes, for example "80000.00"')
        exponent = number.as_tuple().exponent
        if not isinstance(exponent, int) or -exponent > places:
            raise PydanticCustomError("decimal-places", "at most {places} decimal places", {"places": places})
        # adding zero takes the sign off a negative zero
        return number.quantize(Decimal(1).scaleb(-places)) + 0

    return BeforeValidator(parse)


def _schema(places: int, example: str, *, sign: str = "") -> WithJsonSchema:
    pattern = rf"^{sign}\d{{1,12}}(\.\d{{1,{places}}})?$"
    return WithJsonSchema({"type": "string", "pattern": pattern, "examples": [example]})


_AS_TEXT = PlainSerializer(lambda value: format(value, "f"), return_type=str, when_used="json")

_YUAN = "80000.00"
_TONS = "9.998"

Yuan = Annotated[Decimal, _parse(2), _AS_TEXT, _schema(2, _YUAN, sign="-?")]
"""An amount in yuan incl. tax, two decimals, a string in JSON; may be negative."""
YuanOrZero = Annotated[Decimal, _parse(2), Field(ge=0), _AS_TEXT, _schema(2, _YUAN)]
"""An amount in yuan, zero or more."""
PositiveYuan = Annotated[Decimal, _parse(2), Field(gt=0), _AS_TEXT, _schema(2, _YUAN)]
"""An amount in yuan greater than zero."""
Tons = Annotated[Decimal, _parse(3), Field(ge=0), _AS_TEXT, _schema(3, _TONS)]
"""A weight in tons, three decimals (the kilogram), a string in JSON, zero or more."""
PositiveTons = Annotated[Decimal, _parse(3), Field(gt=0), _AS_TEXT, _schema(3, _TONS)]
"""A weight in tons greater than zero."""
Percent = Annotated[Decimal, _parse(2), Field(ge=0, le=100), _AS_TEXT, _schema(2, "2.50")]
"""A percentage from 0 to 100, two decimals, a string in JSON."""
Currency = Literal["CNY"]
"""The one currency the manual knows; any other is refused."""
