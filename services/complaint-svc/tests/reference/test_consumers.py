"""What arrives from the other services."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:
    from conftest import Scene


async def test_an_unreadable_delivery_note_is_put_aside_and_its_gate_date_waits(scene: Scene) -> None:
    note = str(uuid4())
    await scene.service.deliver(
        "shipping.ShipmentShipped.v1",
        {"delivery_note_id": note},
        key="k",
        document=f"delivery-note/{note}",
        version=1,
    )
    await scene.leave(note)
    letters = (await scene.read("admin", "/dead-letters"))["items"]
    assert sorted(letter["status"] for letter in letters) == ["parked", "poison"]
