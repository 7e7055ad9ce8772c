"""What a validator refuses is said in the language of whoever reads it."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import AfterValidator, TypeAdapter, ValidationError

from fangxing.text import Text
from fangxing.validation import invalid, meaning


def _even(number: int) -> int:
    if number % 2:
        raise invalid("not-even", Text("{number} 不是偶数", "{number} is not even"), number=number)
    return number


CASES = [
    (Annotated[int, AfterValidator(_even)], 3, "not-even", Text("3 不是偶数", "3 is not even")),
    (Literal["a", "b", "c"], "d", "literal_error", Text("只能是 'a'、'b'、'c'", "must be 'a', 'b' or 'c'")),
    (bytes, 3, "bytes_type", Text("值无效", "Input should be a valid bytes")),
]


@pytest.mark.parametrize(("kind", "value", "slug", "said"), CASES)
def test_what_is_refused_is_said_in_both_languages(kind: Any, value: object, slug: str, said: Text) -> None:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(kind).validate_python(value)
    [error] = refused.value.errors()
    assert (error["type"], meaning(error)) == (slug, said)
