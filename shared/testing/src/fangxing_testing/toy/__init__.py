"""Two toy services the machinery is tested through: a writer of notes, and a reader of what the writer publishes."""

from pathlib import Path

from pydantic_settings import SettingsConfigDict

from fangxing import tasks
from fangxing.inbox import Consumers
from fangxing.policies import PolicyRegistry
from fangxing.running.service import Service
from fangxing.running.settings import ServiceSettings
from fangxing.running.timers import DailyTimer
from fangxing_testing.toy import api, breaches, consumers, imports, orders, service
from fangxing_testing.toy.papers import api as papers_api
from fangxing_testing.toy.papers.policies import POLICIES
from fangxing_testing.toy.tables import ToyTable


class ToySettings(ServiceSettings):
    """Settings of both, from TOY_…."""

    model_config = SettingsConfigDict(env_prefix="TOY_")


WRITER = Service(
    name="toy-writer-svc",
    topic="toy",
    title="toy writer",
    settings=ToySettings,
    metadata=ToyTable.metadata,
    migrations=Path(__file__).parent / "migrations",
    routers=[
        api.router,
        orders.router,
        papers_api.router,
        imports.router,
        breaches.breaches,
        breaches.phone_words,
    ],
    consumers=Consumers("toy-writer-svc"),
    policies=PolicyRegistry(
        [service.CEILING, service.NEVER_SET, service.IMPORT_ROUTE, breaches.PAPERS_DAYS, *POLICIES, *tasks.POLICIES]
    ),
    timers=[DailyTimer("count-days", service.count_day), *breaches.TIMERS],
    imports=[imports.SHOP],
)
"""Writes notes and publishes them on `toy`."""

READER = Service(
    name="toy-reader-svc",
    topic="reader",
    title="toy reader",
    settings=ToySettings,
    metadata=ToyTable.metadata,
    migrations=Path(__file__).parent / "migrations",
    routers=[],
    consumers=consumers.consumers("toy-reader-svc"),
)
"""Reads notes and positions from `toy` and publishes nothing."""
