"""The five services, and what both ways of running them on one machine share: names, databases, settings."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

import complaint_svc.main
import contract_svc.main
import customer_svc.main
import pricing_svc.main
import shipping_svc.main
from fangxing.running.service import Service
from standalone.files import write_whole

SERVICES: Mapping[str, Service] = {
    "customer": customer_svc.main.SERVICE,
    "pricing": pricing_svc.main.SERVICE,
    "contract": contract_svc.main.SERVICE,
    "shipping": shipping_svc.main.SERVICE,
    "complaint": complaint_svc.main.SERVICE,
}
"""The services by the short name that is their path, their database and their topic."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where everything answers: the page for people, the login, and each service's base address by its short name.

    `metrics` is where each service's worker tells Prometheus its figures.
    """

    base: str
    identity: str
    services: dict[str, str]
    metrics: dict[str, str]


def signing_key_path(data: Path, name: str) -> Path:
    """Where the key lives with which the service seals its decision log and signs passes."""
    return data / "keys" / f"{name}.pem"


def attachments_url(data: Path, name: str) -> str:
    """Where the attachments of the service lie."""
    return (data.resolve() / "attachments" / name).as_uri()


def write_ready_file(path: Path, addresses: Addresses, pids: Mapping[str, int | None]) -> None:
    """Say to a program that everything answers: addresses and process ids, as JSON that appears whole."""
    content = {**asdict(addresses), "pids": dict(pids)}
    write_whole(path, orjson.dumps(content, option=orjson.OPT_INDENT_2))
