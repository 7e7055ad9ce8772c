"""What a client generated from the API documents stands on: each shape has a name of its own, and a file is bytes."""

from collections.abc import Iterator
from typing import Any

import pytest

from fangxing.web.app import create_app
from standalone.services import SERVICES

Json = dict[str, Any]
DOCUMENTS = {name: create_app(service).openapi() for name, service in SERVICES.items()}


def contents(document: Json) -> Iterator[tuple[str, str, Json]]:
    for path, item in document["paths"].items():
        for operation in item.values():
            for answer in operation["responses"].values():
                for media_type, content in answer.get("content", {}).items():
                    yield path, media_type, content["schema"]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_two_shapes_share_a_name(name: str) -> None:
    # where two do, FastAPI tells them apart by their modules, and generators give one of them up with its routes
    assert [shape for shape in DOCUMENTS[name]["components"]["schemas"] if "__" in shape] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_file_is_bytes(name: str) -> None:
    for path, media_type, schema in contents(DOCUMENTS[name]):
        if not media_type.endswith("json") and not media_type.startswith("text/plain"):
            assert schema == {"type": "string", "format": "binary"}, (path, media_type)
