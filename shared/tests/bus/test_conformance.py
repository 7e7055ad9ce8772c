"""What every transport promises (`fangxing.bus`), held against each of them."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from fangxing.bus import Delivery, Message, Subscription, Transport
from fangxing_testing.waiting import eventually, take


def message(key: str, value: str) -> Message:
    return Message(key, (("ce_id", f"{key}/{value}".encode()),), value.encode())


def values(deliveries: Sequence[Delivery], key: str | None = None) -> list[str]:
    return [d.message.value.decode() for d in deliveries if key is None or d.message.key == key]


@asynccontextmanager
async def member(bus: Transport, group: str, *topics: str) -> AsyncIterator[Subscription]:
    subscription = await bus.subscribe(group, topics or ("toy",))
    try:
        yield subscription
    finally:
        await subscription.close()


async def test_a_message_arrives_as_it_was_sent_and_every_one_is_acknowledged(bus: Transport) -> None:
    sent = [
        Message("账户/1", (("ce_type", b"toy.X.v1"), ("content-type", b"application/json")), b'{"a": 1}'),
        Message("b", (), b"\x00\xff not text"),
        Message("c", (("empty", b""),), b""),
    ]
    assert await bus.publish("toy", sent) == [None, None, None]
    async with member(bus, "g") as subscription:
        arrived = await take(subscription, 3)
    assert sorted([d.message for d in arrived], key=lambda m: m.key) == sorted(sent, key=lambda m: m.key)
    assert {d.topic for d in arrived} == {"toy"}


async def test_a_late_group_gets_everything_in_order_within_each_key_over_several_batches(bus: Transport) -> None:
    keys = [f"k{number}" for number in range(7)]
    for start in range(0, 60, 20):
        batch = [message(key, str(number)) for number in range(start, start + 20) for key in keys]
        assert await bus.publish("toy", batch) == [None] * len(batch)
    async with member(bus, "late") as subscription:
        arrived = await take(subscription, 60 * len(keys))
    for key in keys:
        assert values(arrived, key) == [str(number) for number in range(60)]


async def test_nothing_is_done_before_commit_and_a_crash_delivers_it_again(bus: Transport) -> None:
    await bus.publish("toy", [message("k", str(number)) for number in range(10)])
    async with member(bus, "g") as subscription:
        arrived = await take(subscription, 10)
        await subscription.commit(arrived[5])
    async with member(bus, "g") as subscription:
        assert values(await take(subscription, 4)) == ["6", "7", "8", "9"]
        assert await subscription.lag() == 4
        # and so it looks to who is no member
        assert await bus.lag("g", ["toy"]) == 4


async def test_what_waits_for_a_group_is_known_before_it_has_ever_come(bus: Transport) -> None:
    assert await bus.lag("new", ["toy", "nobody-made-it"]) == 0
    await bus.publish("toy", [message(f"k{number}", "v") for number in range(5)])
    assert await bus.lag("new", ["toy"]) == 5
    assert await bus.lag("new", []) == 0


async def test_a_message_sent_twice_arrives_twice_for_the_inbox_to_tell(bus: Transport) -> None:
    await bus.publish("toy", [message("k", "1"), message("k", "2")])
    await bus.publish("toy", [message("k", "1"), message("k", "2")])
    async with member(bus, "g") as subscription:
        assert values(await take(subscription, 4)) == ["1", "2", "1", "2"]


async def test_a_stuck_group_holds_back_nobody(bus: Transport) -> None:
    async with member(bus, "stuck") as stuck, member(bus, "busy") as busy:
        for number in range(5):
            await bus.publish("toy", [message("k", str(number))])
            arrived = await take(busy, 1)
            assert values(arrived) == [str(number)]
            await busy.commit(arrived[-1])
        assert await busy.lag() == 0
        assert values(await take(stuck, 5)) == ["0", "1", "2", "3", "4"]
        assert await stuck.lag() == 5


async def test_a_group_reads_several_topics_and_keeps_its_place_in_each(bus: Transport) -> None:
    await bus.publish("toy", [message("k", "t1"), message("k", "t2")])
    await bus.publish("other", [message("k", "o1"), message("k", "o2")])
    async with member(bus, "g", "toy", "other") as subscription:
        arrived = await take(subscription, 4)
        await subscription.commit(next(d for d in arrived if d.message.value == b"t2"))
        await subscription.commit(next(d for d in arrived if d.message.value == b"o1"))
    async with member(bus, "g", "toy", "other") as subscription:
        assert values(await take(subscription, 1)) == ["o2"]


async def test_what_is_published_while_a_group_waits_reaches_it(bus: Transport) -> None:
    async with member(bus, "g") as subscription:
        waiting = asyncio.create_task(take(subscription, 1))
        await bus.publish("toy", [message("k", "now")])
        assert values(await waiting) == ["now"]


async def test_a_large_batch_of_large_messages_arrives_whole(bus: Transport) -> None:
    batch = [message(f"k{number % 40}", f"{number:06}" + "x" * 2000) for number in range(2000)]
    assert await bus.publish("toy", batch) == [None] * 2000
    async with member(bus, "g") as subscription:
        arrived = await take(subscription, 2000)
        assert sorted(values(arrived)) == values([Delivery("toy", 0, 0, m) for m in batch])
        for delivery in {delivery.partition: delivery for delivery in arrived}.values():
            await subscription.commit(delivery)
        assert await subscription.lag() == 0


async def test_another_member_takes_over_what_the_first_did_not_commit(bus: Transport) -> None:
    async with member(bus, "g") as second:
        async with member(bus, "g") as first:
            await bus.publish("toy", [message("k", "1"), message("k", "2")])
            await asyncio.gather(first.poll(1.0), second.poll(1.0))
        assert await bus.publish("toy", [message("k", "3")]) == [None]

        async def has_the_last() -> bool:
            return "3" in values(await second.poll(0.1))

        await eventually(has_the_last)


async def test_strange_keys_headers_and_bodies_arrive_and_so_does_what_comes_after_them(bus: Transport) -> None:
    strange = [
        Message("", (), b""),
        Message("k\x00k", (("x\x00x", b"\x00"),), b"\x00"),
        Message("k" * 5000, (("", b""), ("same", b"1"), ("same", b"2")), b"\xff\xfe"),
        Message("k", (("ce_id", None),), b"{}"),  # type: ignore[arg-type]
    ]
    assert await bus.publish("toy", strange) == [None] * len(strange)
    assert await bus.publish("toy", [message(key.key, "after") for key in strange]) == [None] * len(strange)
    async with member(bus, "g") as subscription:
        arrived = await take(subscription, 2 * len(strange))
    assert [d.message.value for d in arrived].count(b"after") == len(strange)
    assert sorted(d.message.value for d in arrived if d.message.value != b"after") == sorted(m.value for m in strange)
    assert [header for d in arrived for header in d.message.headers if header[0] == "same"] == [
        ("same", b"1"),
        ("same", b"2"),
    ]
    assert all(content is not None for d in arrived for _, content in d.message.headers)
