"""Ordered, released, shipped, returned: projections of what shipping and complaints reported."""

from typing import TYPE_CHECKING, Any

from fangxing.ids import new_id
from fangxing.roles import Role

if TYPE_CHECKING:
    from conftest import World


class Reports:
    """An order of 8 t and the events about it."""

    def __init__(self, world: "World", contract: dict[str, Any], order: dict[str, Any]) -> None:
        self.world, self.contract, self.order = world, contract, order
        self.line = order["lines"][0]["order_line_id"]

    async def released(self, notice: str, *tons: str) -> None:
        lines = [{"order_line_id": self.line, "tons": each} for each in tons]
        await self._fact("shipping.ShipmentReleased.v1", f"notice/{notice}", {"notice_id": notice, "lines": lines})

    async def ended(self, notice: str, event: str) -> None:
        await self._fact(f"shipping.{event}.v1", f"notice/{notice}", {"notice_id": notice})

    async def shipped(self, note: str, notice: str, *tons: str) -> None:
        lines = [{"line": number, "order_line_id": self.line, "tons": each} for number, each in enumerate(tons, 1)]
        data = {"delivery_note_id": note, "notice_id": notice, "lines": lines}
        await self._fact("shipping.ShipmentShipped.v1", f"delivery-note/{note}", data)

    async def returned(self, note: str, *lines: tuple[int, str], back: str | None = None) -> None:
        back = back or str(new_id())
        await self._fact("complaint.ReturnApproved.v1", f"return/{back}", {"return_id": back})
        data = {"return_id": back, "delivery_note_id": note, "lines": [{"line": n, "tons": t} for n, t in lines]}
        await self._fact("complaint.ReturnInspected.v1", f"return/{back}", data)

    async def _fact(self, event_type: str, document: str, data: dict[str, Any]) -> None:
        await self.world.fact(event_type, document, data, self.contract["account_id"])

    async def tons(self) -> tuple[str, str, str, str]:
        """Ordered, released, shipped, returned; the order's line and the contract's line agree."""
        order = await self.world.service.get(f"/orders/{self.order['id']}", as_=self.world.rep)
        contract = await self.world.contract(self.contract["id"])
        names = ("ordered", "released", "shipped", "returned")
        mine = tuple(order.json()["lines"][0][name] for name in names)
        assert mine == tuple(contract["lines"][0][name] for name in names)
        return (mine[0], mine[1], mine[2], mine[3])


async def reports(world: "World") -> Reports:
    contract = await world.usual()
    return Reports(world, contract, (await world.call_off(contract, "8.000")).json()["order"])


async def test_a_line_from_order_to_return_4_orders(world: "World") -> None:
    """4-orders: ordered / released / shipped / returned per line, from events."""
    story = await reports(world)
    assert await story.tons() == ("8.000", "0.000", "0.000", "0.000")
    notice, note = str(new_id()), str(new_id())
    await story.released(notice, "3.000", "2.000")
    assert await story.tons() == ("8.000", "5.000", "0.000", "0.000")
    await story.shipped(note, notice, "2.500", "0.500")
    assert await story.tons() == ("8.000", "2.000", "3.000", "0.000")
    await story.shipped(str(new_id()), notice, "2.010")
    assert await story.tons() == ("8.000", "0.000", "5.010", "0.000")
    await story.returned(note, (1, "0.400"), (1, "0.100"), (2, "0.250"))
    assert await story.tons() == ("8.000", "0.000", "5.010", "0.750")


async def test_a_release_that_ended_reserves_nothing_4_orders(world: "World") -> None:
    """4-orders: cancelled before, or closed after part of it was shipped."""
    story = await reports(world)
    cancelled, closed = str(new_id()), str(new_id())
    await story.released(cancelled, "3.000")
    await story.released(closed, "4.000")
    await story.shipped(str(new_id()), closed, "1.000")
    assert await story.tons() == ("8.000", "6.000", "1.000", "0.000")
    await story.ended(cancelled, "ReleaseCancelled")
    assert await story.tons() == ("8.000", "3.000", "1.000", "0.000")
    await story.ended(closed, "ReleaseCancelled")
    assert await story.tons() == ("8.000", "0.000", "1.000", "0.000")


async def test_a_return_heard_of_before_its_delivery_note(world: "World") -> None:
    """The two come from different services: whichever comes first, the end is the same."""
    story = await reports(world)
    notice, note = str(new_id()), str(new_id())
    await story.returned(note, (1, "0.500"))
    assert await story.tons() == ("8.000", "0.000", "0.000", "0.000")
    await story.released(notice, "1.000")
    await story.shipped(note, notice, "1.000")
    assert await story.tons() == ("8.000", "0.000", "1.000", "0.500")


async def test_goods_on_no_order_are_nobodys_progress(world: "World") -> None:
    """A line without an order line, as of a replacement, is passed over and poisons nothing."""
    story = await reports(world)
    note = str(new_id())
    data = {"delivery_note_id": note, "notice_id": str(new_id()), "lines": [{"line": 1, "tons": "1.000"}]}
    await world.fact("shipping.ShipmentShipped.v1", f"delivery-note/{note}", data, story.contract["account_id"])
    await story.shipped(str(new_id()), str(new_id()), "0.500")
    assert await story.tons() == ("8.000", "0.000", "0.500", "0.000")


async def test_the_same_reports_under_another_id_count_once(world: "World") -> None:
    """What is told again, as from a backup of the publisher, is no dead letter and moves nothing."""
    story = await reports(world)
    notice, note, back = str(new_id()), str(new_id()), str(new_id())
    for _ in range(2):
        await story.released(notice, "3.000")
        await story.shipped(note, notice, "1.000", "0.500")
        await story.returned(note, (1, "0.250"), back=back)
    assert await story.tons() == ("8.000", "1.500", "1.500", "0.250")
    admin = world.service.identities.headers("admin", Role.ADMINISTRATOR)
    assert (await world.service.get("/dead-letters", as_=admin)).json()["items"] == []
