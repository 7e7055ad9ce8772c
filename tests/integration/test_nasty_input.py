"""Whatever stands in a field of a body, nothing breaks: every field of every route, with every nasty value there is."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import pytest
from fastapi.routing import iter_route_contexts
from pydantic import TypeAdapter, ValidationError

from fangxing.database.types import to_json
from fangxing.roles import Role
from fangxing.running.devices import enrol
from fangxing.running.service import Service
from fangxing.validation import Body, Json
from fangxing.web.access import access_of
from fangxing.web.app import create_app
from fangxing.web.edge import EdgeRoute
from fangxing_embedded.postgres import PostgresServer
from fangxing_testing.harness import service_under_test
from fangxing_testing.identity import Identities, device_headers
from standalone.services import SERVICES

ID = "00000000-0000-7000-8000-000000000000"
NASTY = {
    "one more than 32 bits": "2147483648",
    "one more than 64 bits": "9223372036854775808",
    "less than 64 bits": "-9223372036854775809",
    "70 bits": str(2**70),
    "a number of 5000 digits": "9" * 5000,
    "a fraction": "0.1",
    "a large exponent": "1e400",
    "negative zero": "-0",
    "NaN": "NaN",
    "infinity": "-Infinity",
    "NaN as text": '"NaN"',
    "an exponent as text": '"1e999999"',
    "digits as text": f'"{"9" * 5000}"',
    "half a character": '"\\ud800"',
    "half a character as a key": '{"\\ud800": 1}',
    "NUL": '"\\u0000"',
    "NUL within": '{"a": [{"b": "x\\u0000y"}]}',
    "NUL in a key": '{"a\\u0000": 1}',
    "a number of 70 bits within": f'{{"a": [{2**70}]}}',
    "NaN within": '{"a": [NaN]}',
    "200 lists": "[" * 200 + "]" * 200,
    "200 objects": '{"a":' * 200 + "1" + "}" * 200,
    "5000 lists": "[" * 5000 + "]" * 5000,
    "a long text": f'"{"放" * 5000}"',
    "no text": '""',
    "null": "null",
    "true": "true",
    "a list": "[]",
    "an object": "{}",
    "the first day": '"0001-01-01"',
    "the last day": '"9999-12-31"',
    "the first moment": '"0001-01-01T00:00:00+14:00"',
    "the last moment": '"9999-12-31T23:59:59.999999-14:00"',
}
MARK = "here it stands"


class Example:
    """A body as the schema of its shape describes it, with all its fields."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._shapes = schema.get("$defs", {})
        self.body = self._of(schema)

    def _of(self, schema: Mapping[str, Any]) -> Any:
        """A value of the shape `schema`."""
        if "$ref" in schema:
            return self._of(self._shapes[schema["$ref"].rpartition("/")[2]])
        if "anyOf" in schema:
            return self._of(schema["anyOf"][0])
        if known := [*schema.get("examples", ()), *schema.get("enum", ())] or ("const" in schema and [schema["const"]]):
            return known[0]
        match schema.get("type"):
            case "object":
                return {name: self._of(field) for name, field in schema.get("properties", {}).items()}
            case "array":
                return [self._of(schema["items"])]
            case "integer":
                return int(schema.get("minimum", 1))
            case "boolean":
                return True
            case "string":
                return self._text(schema)
        return 1

    def _text(self, schema: Mapping[str, Any]) -> str:
        formats = {"uuid": ID, "date": "2026-03-02", "date-time": "2026-03-02T09:30:00+08:00"}
        patterns = {"^[0-9a-f]{64}$": "0" * 64}
        return formats.get(schema.get("format", "")) or patterns.get(schema.get("pattern", "")) or "A1"


def marked(body: Any) -> Iterator[Any]:
    """`body` with the mark in the place of one field, of each in turn, and of itself."""
    yield MARK
    children = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for key, child in children:
        for changed in marked(child):
            copy = body.copy()
            copy[key] = changed
            yield copy


def taken(service: Service) -> Iterator[tuple[str, str, str, bytes]]:
    """The bodies with something nasty in them that a shape takes all the same: method, path, sign-in, body."""
    app = create_app(service)
    for route in (context.original_route for context in iter_route_contexts(app.routes)):
        if not isinstance(route, EdgeRoute) or route.body_field is None:
            continue
        shape: TypeAdapter[Body | None] = TypeAdapter(cast(Any, route.body_field.field_info.annotation))
        scheme = "device" if access_of(route.endpoint).device else "bearer"
        method = max(route.methods or ())
        for body, (what, nasty) in product(marked(Example(shape.json_schema()).body), NASTY.items()):
            content = json.dumps(body).replace(f'"{MARK}"', nasty).encode()
            try:
                read = shape.validate_python(Json(content))
            except ValidationError:
                continue
            if read is not None:
                assert "\\u0000" not in to_json(read.model_dump(mode="json")), (route.path, body, what)
            yield method, route.path, scheme, content


@pytest.mark.parametrize("name", SERVICES)
async def test_whatever_a_shape_takes_nothing_breaks(name: str, postgres: PostgresServer, tmp_path: Path) -> None:
    identities = Identities(tmp_path)
    async with service_under_test(SERVICES[name], postgres, identities) as service:
        async with service.database.transaction() as tx:
            _, key = await enrol(tx, device="s-1", kind="scanner", place="w1", by="li", now=datetime.now(UTC))
        headers = {"bearer": identities.headers("wang", *Role), "device": device_headers(key)}
        for method, path, scheme, content in taken(SERVICES[name]):
            address = "/".join(ID if part.startswith("{") else part for part in path.split("/"))
            asked = {**headers[scheme], "Idempotency-Key": uuid4().hex, "Content-Type": "application/json"}
            answer = await service.client.request(method, address, content=content, headers=asked)
            assert answer.status_code < 500, (path, content[:300], answer.text)
