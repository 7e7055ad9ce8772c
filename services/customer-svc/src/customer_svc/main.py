"""customer-svc as the machinery runs it."""

from pathlib import Path

from customer_svc.settings import Settings
from customer_svc.tables import Table
from fangxing.running.cli import command_for
from fangxing.running.service import Service

SERVICE = Service.of_features(
    "customer-svc",
    topic="customer",
    title="客户、信用与应收 customers, credit and receivables",
    settings=Settings,
    metadata=Table.metadata,
    package=Path(__file__).parent,
    features=("organisation", "accounts", "customers", "receivables", "adjustments", "grading"),
)

cli = command_for(SERVICE)
