"""What each service takes in is what another one publishes: the event, each field that is read, and its type."""

from collections.abc import Iterator

import pytest
from pydantic import BaseModel

from fangxing.bus.schemas import Schema, misread, published_by
from fangxing.running.service import Service
from fangxing_testing.words import modules_of
from standalone.services import SERVICES


def by_type(service: Service) -> dict[str, Schema]:
    """The schemas of what the service publishes, by event type."""
    schemas = published_by(service.package).values()
    return {schema["$id"].removeprefix("urn:fangxing:event:"): schema for schema in schemas}


PUBLISHED: dict[str, Schema] = {
    kind: schema for service in SERVICES.values() for kind, schema in by_type(service).items()
}


def models(package: str) -> Iterator[type[BaseModel]]:
    """Every model declared in `package`."""
    for module in modules_of(package):
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, BaseModel) and value.__module__ == module.__name__:
                yield value


def read_as_position(service: Service) -> list[type[BaseModel]]:
    """What the service reads positions as: numbered by (epoch, version), and in no event of its own."""
    own = {name for schema in by_type(service).values() for name in schema.get("$defs", {})}
    numbered = {"account_id", "epoch", "version"}
    return [
        model for model in models(service.package) if numbered <= set(model.model_fields) and model.__name__ not in own
    ]


@pytest.mark.parametrize("service", SERVICES.values(), ids=lambda service: service.name)
def test_every_event_taken_in_is_published_as_it_is_read(service: Service) -> None:
    faults: list[str] = []
    for event_type, (model, _) in service.consumers.facts.items():
        if event_type in PUBLISHED:
            faults += [f"{event_type}: {one}" for one in misread(PUBLISHED[event_type], model.model_json_schema())]
        else:
            faults.append(f"{event_type} is published by nobody")
    assert faults == []


@pytest.mark.parametrize("service", SERVICES.values(), ids=lambda service: service.name)
def test_every_position_is_published_as_it_is_read(service: Service) -> None:
    readers = read_as_position(service)
    assert len(readers) == len(service.consumers.positions)
    faults: list[str] = []
    for topic, reader in zip(service.consumers.positions, readers, strict=True):
        read = reader.model_json_schema()
        for event_type, schema in PUBLISHED.items():
            if event_type.startswith(f"{topic}.") and "position" in schema["properties"]:
                wanted = {"properties": {"position": read}, "$defs": read.get("$defs", {})}
                faults += [f"{event_type}: {one}" for one in misread(schema, wanted)]
    assert faults == []
