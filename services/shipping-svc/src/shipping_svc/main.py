"""shipping-svc as the machinery runs it."""

from pathlib import Path

from fangxing.inbox import Consumers
from fangxing.policies import PolicyRegistry
from fangxing.running.cli import command_for
from fangxing.running.service import Service
from shipping_svc.credit import api as credit_api
from shipping_svc.credit.position import hold_account, keep_customer_position
from shipping_svc.gate import api as gate_api
from shipping_svc.notices import api as notices_api
from shipping_svc.notices.policies import LEAD_DAYS, LOAD_TOLERANCE, NOTICE_ROUTES, STRICT_LEAD
from shipping_svc.orders.consumers import CustomerFile, OrderConfirmed, on_customer, on_order_confirmed
from shipping_svc.settings import Settings
from shipping_svc.tables import Table
from shipping_svc.warehouse import api as warehouse_api
from shipping_svc.warehouse.loading import LotBlockRequested, on_lot_block_requested
from shipping_svc.warehouse.policies import PASS_HOURS

consumers = Consumers(group="shipping-svc")
consumers.on("customer.CustomerOpened.v1", CustomerFile, on_customer)
consumers.on("customer.CustomerChanged.v1", CustomerFile, on_customer)
consumers.on("contract.OrderConfirmed.v1", OrderConfirmed, on_order_confirmed)
consumers.on("complaint.LotBlockRequested.v1", LotBlockRequested, on_lot_block_requested)
consumers.keep_positions("customer", keep_customer_position, hold_account)

SERVICE = Service(
    name="shipping-svc",
    topic="shipping",
    title="发货、仓库与门卫 release, warehouse and gate",
    settings=Settings,
    metadata=Table.metadata,
    migrations=Path(__file__).parent / "migrations",
    # routes are tried in this order: the gate, where trucks queue, comes first
    routers=[gate_api.router, notices_api.router, credit_api.router, warehouse_api.router],
    consumers=consumers,
    policies=PolicyRegistry([LEAD_DAYS, STRICT_LEAD, LOAD_TOLERANCE, NOTICE_ROUTES, PASS_HOURS]),
)

cli = command_for(SERVICE)
