"""pricing-svc: the service descriptor and its command."""

from pathlib import Path

from fangxing.inbox import Consumers
from fangxing.policies import PolicyRegistry
from fangxing.running.cli import command_for
from fangxing.running.service import Service
from pricing_svc.authority import api as authority
from pricing_svc.authority.policies import POLICIES as AUTHORITY_POLICIES
from pricing_svc.prices import api as prices
from pricing_svc.prices import table_api as price_table
from pricing_svc.prices.policies import POLICIES as PRICE_POLICIES
from pricing_svc.products import api as products
from pricing_svc.settings import Settings
from pricing_svc.tables import Table

SERVICE = Service(
    name="pricing-svc",
    topic="pricing",
    title="定价 pricing",
    settings=Settings,
    metadata=Table.metadata,
    migrations=Path(__file__).parent / "migrations",
    routers=[products.router, prices.router, price_table.router, authority.router],
    consumers=Consumers(group="pricing-svc"),
    policies=PolicyRegistry([*PRICE_POLICIES, *AUTHORITY_POLICIES]),
)
"""Chapter 3. It prices from what its own people record and decide, and takes in nothing of the other services."""

cli = command_for(SERVICE)
