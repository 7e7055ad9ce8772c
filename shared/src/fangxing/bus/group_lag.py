"""How far behind a Kafka group is, asked from outside: who asks is none of its members."""

from collections.abc import Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import LeaderNotAvailableError

_REQUEST_MILLISECONDS = 5_000


class GroupLag:
    """Asks the brokers at `bootstrap`, on connections of its own; its calls may hang with the broker."""

    def __init__(self, bootstrap: str) -> None:
        common = {"bootstrap_servers": bootstrap, "request_timeout_ms": _REQUEST_MILLISECONDS}
        self._admin = AIOKafkaAdminClient(**common)
        # in no group and subscribed to nothing: it only tells where a partition begins and ends
        self._offsets = AIOKafkaConsumer(**common)

    async def start(self) -> None:
        """Connect; raises `KafkaError` or `OSError` where no broker can be reached."""
        await self._admin.start()
        await self._offsets.start()

    async def of(self, group: str, topics: Sequence[str]) -> int:
        """How many messages of `topics` the group has not yet committed; a topic that is missing has none.

        Raises `KafkaError` or `OSError` where the broker cannot be reached.
        """
        partitions = [
            TopicPartition(topic["topic"], partition["partition"])
            for topic in await self._admin.describe_topics()
            if topic["topic"] in topics
            for partition in topic["partitions"]
        ]
        if not partitions:
            return 0
        committed = await self._admin.list_consumer_group_offsets(group, partitions=partitions)
        begins = await self._offsets.beginning_offsets(partitions)
        ends = await self._offsets.end_offsets(partitions)
        if not committed.keys() >= set(partitions) <= begins.keys() & ends.keys():
            raise LeaderNotAvailableError("a partition has no leader yet that could tell")
        # what the topic no longer holds is nobody's to take in, and -1 says that nothing was ever committed
        return sum(max(0, ends[one] - max(committed[one].offset, begins[one])) for one in partitions)

    async def stop(self) -> None:
        """Drop every connection."""
        await self._offsets.stop()
        await self._admin.close()
