"""What the reference data publish."""

from typing import ClassVar

from fangxing.bus import copies


class PositionWanted(copies.PositionWanted):
    """A position of customer-svc's could not be read here; customer-svc is asked to restate it."""

    event_type: ClassVar[str] = "contract.PositionWanted.v1"
