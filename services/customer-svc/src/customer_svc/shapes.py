"""What the answers of all features have in common."""

from typing import Self

from pydantic import BaseModel, ConfigDict


class Answer(BaseModel):
    """Base of an answer that says what a row says, under the same names."""

    model_config = ConfigDict(from_attributes=True)

    @classmethod
    def show(cls, row: object) -> Self:
        """The answer that `row` gives: a mapped object, or a row of a list."""
        return cls.model_validate(row)
