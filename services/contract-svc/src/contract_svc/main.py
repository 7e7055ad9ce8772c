"""contract-svc: what the machinery has to know to run it, and its command."""

from pathlib import Path

from contract_svc.settings import Settings
from contract_svc.tables import Table
from fangxing.running.cli import command_for
from fangxing.running.service import Service

SERVICE = Service.of_features(
    "contract-svc",
    topic="contract",
    title="合同与订单 contracts and orders",
    settings=Settings,
    metadata=Table.metadata,
    package=Path(__file__).parent,
    features=("orders", "contracts", "routing", "progress", "breaches", "reference"),
)

cli = command_for(SERVICE)
