"""What the progress of a line is. Pure."""

from dataclasses import dataclass
from decimal import Decimal

NO_TONS = Decimal("0.000")


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Tons. `released` is released and not yet shipped; `returned` is what quality accepted back of `shipped`."""

    ordered: Decimal = NO_TONS
    released: Decimal = NO_TONS
    shipped: Decimal = NO_TONS
    returned: Decimal = NO_TONS

    def __add__(self, other: "Progress") -> "Progress":
        return Progress(
            ordered=self.ordered + other.ordered,
            released=self.released + other.released,
            shipped=self.shipped + other.shipped,
            returned=self.returned + other.returned,
        )
