"""complaint-svc: chapter 6, from what a customer says to the return that lowers his exposure."""

from pathlib import Path

from complaint_svc.settings import Settings
from complaint_svc.tables import Table
from fangxing.running.cli import command_for
from fangxing.running.service import Service

SERVICE = Service.of_features(
    "complaint-svc",
    topic="complaint",
    title="complaint-svc 顾客投诉及售后服务",
    settings=Settings,
    metadata=Table.metadata,
    package=Path(__file__).parent,
    features=("reference", "complaints", "returns", "deciding"),
)

cli = command_for(SERVICE)
