"""Progress as the API shows it."""

from pydantic import BaseModel

from fangxing.money import Tons


class LineProgress(BaseModel):
    """Tons of a line; `released` is released and not yet shipped."""

    ordered: Tons
    released: Tons
    shipped: Tons
    returned: Tons
