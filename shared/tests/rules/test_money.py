"""Money is exact: what is read is what is printed, and nothing is rounded in silence."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from fangxing.money import PositiveYuan, Tons, Yuan, YuanOrZero, cents, value_of

YUAN: TypeAdapter[Decimal] = TypeAdapter(Yuan)
TONS: TypeAdapter[Decimal] = TypeAdapter(Tons)
amounts = st.integers(-(10**14) + 1, 10**14 - 1).map(lambda number: Decimal(number).scaleb(-2))


@given(amounts)
def test_an_amount_survives_json_to_the_cent(amount: Decimal) -> None:
    text = YUAN.dump_json(amount)
    assert YUAN.validate_json(text) == amount
    assert text == f'"{amount:.2f}"'.encode()


@given(st.integers(0, 10**15 - 1).map(lambda number: Decimal(number).scaleb(-3)))
def test_a_weight_survives_json_to_the_kilogram(weight: Decimal) -> None:
    assert TONS.validate_json(TONS.dump_json(weight)) == weight


@given(st.decimals(allow_nan=True, allow_infinity=True, places=None, min_value=None, max_value=None))
def test_a_number_is_refused_or_kept_exactly(number: Decimal) -> None:
    for adapter in (YUAN, TONS):
        try:
            read = adapter.validate_python(format(number, "f"))
        except ValidationError:
            continue
        assert read == number


@given(st.text(alphabet="0123456789.-+eE_ ,１٣", max_size=18))
def test_only_plain_digits_are_an_amount(text: str) -> None:
    try:
        read = YUAN.validate_python(text)
    except ValidationError:
        return
    assert set(text) <= set("0123456789.-")
    assert read == Decimal(text)


@pytest.mark.parametrize(
    "value", [1, 1.0, True, None, b"1.00", "1.001", "1e2", "1_000", " 1.00", "1.00\n", "", "+1", "1."]
)
def test_what_is_no_decimal_string_of_two_places_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        YUAN.validate_python(value)


def test_a_negative_zero_is_zero() -> None:
    assert TypeAdapter(YuanOrZero).dump_json(YUAN.validate_python("-0.00")) == b'"0.00"'


@pytest.mark.parametrize("value", ["0", "0.00", "-0.01"])
def test_a_positive_amount_is_more_than_zero(value: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(PositiveYuan).validate_python(value)


@pytest.mark.parametrize(
    ("amount", "rounded"), [("0.005", "0.01"), ("0.015", "0.02"), ("2.675", "2.68"), ("-0.005", "-0.01"), ("1", "1.00")]
)
def test_half_a_cent_is_rounded_up(amount: str, rounded: str) -> None:
    assert str(cents(Decimal(amount))) == rounded
    assert str(value_of(Decimal(amount), Decimal(1))) == rounded
