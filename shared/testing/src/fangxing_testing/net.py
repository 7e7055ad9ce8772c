"""The net under all tests: every answer of a service is held against its OpenAPI document."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import httpx
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import best_match
from referencing import Registry
from referencing.jsonschema import DRAFT202012
from starlette.routing import compile_path

from fangxing.running.service import Service
from fangxing.web.app import create_app
from fangxing_testing.words import names_a_role_by_its_code

_DOCUMENT = "urn:document"
_FORMATS = FormatChecker(["date", "uuid"])
_PROBLEM = "#/components/schemas/Problem"
# what is answered to a request that no operation was asked by
_UNASKED = {("no-such-address", 404), ("method-not-allowed", 405), ("body-too-large", 413)}
_STRING = re.compile('"([^"]*)"')


@_FORMATS.checks("date-time", raises=ValueError)
def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


class BadAnswer(AssertionError):
    """An answer that the document of its service does not promise, or that is not for people to read."""


class _Operation(NamedTuple):
    method: str
    path: re.Pattern[str]
    pointer: str
    answers: Mapping[str, Any]


class Net:
    """Holds answers against one document."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._registry: Registry[Any] = Registry().with_resource(_DOCUMENT, DRAFT202012.create_resource(document))
        self._operations = list(_operations(document))
        self._validators: dict[str, Draft202012Validator] = {}

    def hold(self, response: httpx.Response) -> None:
        """Raise `BadAnswer`, with the request and the fault, where `response` is not what is documented."""
        request = response.request
        if fault := self._fault(request.method, request.url.path, response):
            asked = f"{request.method} {request.url.path} answered {response.status_code}"
            raise BadAnswer(f"{asked}: {fault}\n{response.text[:2000]}")

    def _fault(self, method: str, path: str, response: httpx.Response) -> str | None:
        if path == "/openapi.json":
            return None
        operation = next((one for one in self._operations if one.method == method and one.path.match(path)), None)
        if operation is None:
            return self._fault_of_unasked(response)
        status = str(response.status_code)
        if status not in operation.answers:
            return f"documented are only {', '.join(sorted(operation.answers))}"
        pointer, answer = self._resolved(f"{operation.pointer}/responses/{status}", operation.answers[status])
        fault = self._fault_of_content(pointer, answer.get("content", {}), response)
        return fault or self._fault_of_headers(answer.get("headers", {}), response) or _role_by_its_code(response.text)

    def _fault_of_unasked(self, response: httpx.Response) -> str | None:
        if response.headers.get("content-type") != "application/problem+json":
            return "the route is not documented"
        if (response.json().get("slug"), response.status_code) not in _UNASKED:
            return "the route is not documented"
        return self._fault_of_body(_PROBLEM, response.json())

    def _fault_of_headers(self, documented: Mapping[str, Any], response: httpx.Response) -> str | None:
        for name, reference in documented.items():
            pointer, header = self._resolved("", reference)
            if name not in response.headers:
                if header.get("required"):
                    return f"the header {name} is missing"
            elif fault := self._fault_of_body(f"{pointer}/schema", response.headers[name]):
                return f"the header {name}: {fault}"
        return None

    def _fault_of_content(self, pointer: str, documented: Mapping[str, Any], response: httpx.Response) -> str | None:
        media = response.headers.get("content-type", "").partition(";")[0]
        if not documented and not response.content:
            return None
        if media not in documented:
            return f"{media or 'no media type'}, documented is {', '.join(documented) or 'no content'}"
        if not documented[media].get("schema"):
            return f"the shape of {media} is not documented"
        body = response.json() if media.endswith("json") else response.text
        return self._fault_of_body(f"{pointer}/content/{_escaped(media)}/schema", body)

    def _fault_of_body(self, pointer: str, body: object) -> str | None:
        validator = self._validators.get(pointer)
        if validator is None:
            schema = {"$ref": f"{_DOCUMENT}{pointer}"}
            validator = Draft202012Validator(schema, registry=self._registry, format_checker=_FORMATS)
            self._validators[pointer] = validator
        error = best_match(validator.iter_errors(body))
        return f"{error.json_path}: {error.message[:400]}" if error else None

    def _resolved(self, pointer: str, value: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
        """The component that `value` refers to, or `value` itself, with its place in the document."""
        if "$ref" not in value:
            return pointer, value
        reference: str = value["$ref"]
        found = self._document
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
        return reference, found


def _role_by_its_code(text: str) -> str | None:
    said = [sentence for sentence in _STRING.findall(text) if names_a_role_by_its_code(sentence)]
    return f"a Chinese sentence names a role by its code: {said[0]}" if said else None


_NETS: dict[int, tuple[Service, Net]] = {}


def net_of(service: Service) -> Net:
    """The net of `service`, made once in this process."""
    if id(service) not in _NETS:
        _NETS[id(service)] = service, Net(create_app(service).openapi())
    return _NETS[id(service)][1]


def _operations(document: Mapping[str, Any]) -> Iterator[_Operation]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            pointer = f"#/paths/{_escaped(path)}/{method}"
            yield _Operation(method.upper(), compile_path(path)[0], pointer, operation["responses"])


def _escaped(part: str) -> str:
    """`part` as one step of a JSON pointer."""
    return part.replace("~", "~0").replace("/", "~1")
