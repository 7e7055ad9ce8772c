"""contract-svc: what the machinery has to know to run it, and its command."""

from pathlib import Path

from contract_svc.contracts import api as contracts_api
from contract_svc.contracts.policies import CONTRACT_POLICIES
from contract_svc.orders import api as orders_api
from contract_svc.orders import consumers as orders_consumers
from contract_svc.orders.policies import CALLOFF_TOLERANCE
from contract_svc.reference import consumers as reference_consumers
from contract_svc.settings import Settings
from contract_svc.tables import Table
from fangxing.inbox import Consumers
from fangxing.policies import PolicyRegistry
from fangxing.running.cli import command_for
from fangxing.running.service import Service

_consumers = Consumers(group="contract-svc")
reference_consumers.register(_consumers)
orders_consumers.register(_consumers)

SERVICE = Service(
    name="contract-svc",
    topic="contract",
    title="合同与订单 contracts and orders",
    settings=Settings,
    metadata=Table.metadata,
    migrations=Path(__file__).parent / "migrations",
    routers=[contracts_api.router, orders_api.router],
    consumers=_consumers,
    policies=PolicyRegistry([*CONTRACT_POLICIES, CALLOFF_TOLERANCE]),
)

cli = command_for(SERVICE)
