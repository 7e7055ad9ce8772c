"""shipping-svc as the machinery runs it."""

from pathlib import Path

from fangxing.running.cli import command_for
from fangxing.running.service import Service
from shipping_svc.settings import Settings
from shipping_svc.tables import Table

SERVICE = Service.of_features(
    "shipping-svc",
    topic="shipping",
    title="发货、仓库与门卫 release, warehouse and gate",
    settings=Settings,
    metadata=Table.metadata,
    package=Path(__file__).parent,
    # routes are tried in this order: the gate, where trucks queue, comes first
    features=("gate", "papers", "loading", "notices", "credit", "breaches", "reference"),
)

cli = command_for(SERVICE)
