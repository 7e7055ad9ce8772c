"""pricing-svc: the service descriptor and its command."""

from pathlib import Path

from fangxing.running.cli import command_for
from fangxing.running.service import Service
from pricing_svc.settings import Settings
from pricing_svc.tables import Table

SERVICE = Service.of_features(
    "pricing-svc",
    topic="pricing",
    title="定价 pricing",
    settings=Settings,
    metadata=Table.metadata,
    package=Path(__file__).parent,
    features=("approval", "products", "prices", "proposals", "authority", "phone", "breaches"),
)
"""Chapter 3. It prices from what its own people record and decide, and takes in nothing of the other services."""

cli = command_for(SERVICE)
