"""complaint-svc: chapter 6, from what a customer says to the return that lowers his exposure."""

from pathlib import Path

from complaint_svc.complaints import api as complaints_api
from complaint_svc.complaints.policies import ANSWER_DAYS, GRUMBLE_DECIDER
from complaint_svc.customers import consumers as customers_consumers
from complaint_svc.deliveries import consumers as deliveries_consumers
from complaint_svc.returns import api as returns_api
from complaint_svc.settings import Settings
from complaint_svc.tables import Table
from fangxing.inbox import Consumers
from fangxing.policies import PolicyRegistry
from fangxing.running.cli import command_for
from fangxing.running.service import Service

consumers = Consumers(group="complaint-svc")
customers_consumers.register(consumers)
deliveries_consumers.register(consumers)

SERVICE = Service(
    name="complaint-svc",
    topic="complaint",
    title="complaint-svc 顾客投诉及售后服务",
    settings=Settings,
    metadata=Table.metadata,
    migrations=Path(__file__).parent / "migrations",
    routers=(complaints_api.router, returns_api.router),
    consumers=consumers,
    policies=PolicyRegistry([GRUMBLE_DECIDER, ANSWER_DAYS]),
)

cli = command_for(SERVICE)
