"""customer-svc as the machinery runs it."""

from pathlib import Path

from customer_svc.credit import api as credit_api
from customer_svc.credit.policies import APPLICATION_ROUTES, GRACE_DAYS
from customer_svc.credit.position import keep_shipping_position, mark_shipping_unreadable
from customer_svc.credit.service import daily_credit_review
from customer_svc.customers import api as customers_api
from customer_svc.receivables import api as receivables_api
from customer_svc.receivables.consumers import (
    ReturnInspected,
    ShipmentLeft,
    ShipmentShipped,
    on_left,
    on_return_inspected,
    on_shipped,
)
from customer_svc.settings import Settings
from customer_svc.tables import Table
from fangxing.inbox import Consumers
from fangxing.policies import PolicyRegistry
from fangxing.running.cli import command_for
from fangxing.running.service import Service
from fangxing.running.timers import DailyTimer

consumers = Consumers(group="customer-svc")
consumers.on("shipping.ShipmentShipped.v1", ShipmentShipped, on_shipped)
consumers.on("shipping.ShipmentLeft.v1", ShipmentLeft, on_left)
consumers.on("complaint.ReturnInspected.v1", ReturnInspected, on_return_inspected)
consumers.keep_positions("shipping", keep_shipping_position, mark_shipping_unreadable)

SERVICE = Service(
    name="customer-svc",
    topic="customer",
    title="客户、信用与应收 customers, credit and receivables",
    settings=Settings,
    metadata=Table.metadata,
    migrations=Path(__file__).parent / "migrations",
    routers=[customers_api.router, credit_api.router, receivables_api.router],
    consumers=consumers,
    policies=PolicyRegistry([GRACE_DAYS, APPLICATION_ROUTES]),
    timers=[DailyTimer("credit_review", daily_credit_review)],
)

cli = command_for(SERVICE)
