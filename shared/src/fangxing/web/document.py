"""The OpenAPI document of a service: what FastAPI reads off the shapes, and what the edge does around every route.

Said once, from the route's `Access` and what it takes: who signs in and how, the idempotency key, the language, the
problems it may answer with, and both statuses of a route that judges.
"""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from pydantic import TypeAdapter

from fangxing.roles import ROLE_NAMES, Role
from fangxing.text import CODE
from fangxing.web import idempotency, problems
from fangxing.web.access import Access, access_of
from fangxing.web.edge import READING, EdgeRoute
from fangxing.web.problems import Problem

Json = dict[str, Any]

_LANGUAGE: Json = {
    "name": "Accept-Language",
    "in": "header",
    "description": "The language of every sentence in the answer: Chinese, or English where it is preferred.",
    "schema": {"type": "string", "default": "zh-CN", "examples": ["zh-CN", "en"]},
}
_KEY: Json = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "A new unique value for each operation, the same one for a retry: "
    "the retry is answered with the first answer and does nothing again.",
    "schema": {
        "type": "string",
        "pattern": idempotency.FORM.pattern,
        "examples": ["7c4a2f0e-9f57-4b5b-a9a3-3c7f6f0f4d1e"],
    },
}
_SECURITY: Json = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "The token of a person, from the factory's OpenID Connect provider.",
    },
    "device": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "The key of an enrolled scanner or gate: `Device <device id>.<secret>`.",
    },
}
_HEADERS: Json = {
    "RequestId": {
        "description": "What the logs call this request.",
        "required": True,
        "schema": {"type": "string", "examples": ["9f86d081884c"]},
    },
    "Replayed": {
        "description": "There where this is the stored answer of an earlier request with the same key.",
        "schema": {"type": "string", "const": "true"},
    },
    "Language": {
        "description": "The language of the sentences.",
        "required": True,
        "schema": {"type": "string", "enum": ["zh-CN", "en"]},
    },
    "SignIn": {"description": "How to sign in.", "required": True, "schema": {"type": "string", "const": "Bearer"}},
    "RetryAfter": {
        "description": "Seconds until a retry makes sense.",
        "required": True,
        "schema": {"type": "string", "pattern": r"^\d+$"},
    },
}
_PROBLEMS: dict[int, tuple[str, str]] = {
    400: ("Invalid", "The input is not valid; `fields` says where. Nothing was stored."),
    401: ("Unauthenticated", "Nobody is signed in, or the token or the device key is not valid."),
    403: ("Forbidden", "The caller may not do this."),
    404: ("NotFound", "There is no such document, or the caller may not see it."),
    409: ("Conflict", "The state of things forbids it, or a request with the same key is in progress."),
    413: ("TooLarge", "The body is too large."),
    422: ("Mismatch", "The idempotency key was used for another body, or figures contradict each other."),
    429: ("TooMany", "Too many wrong guesses from there; nobody is heard until the time is over."),
    500: ("Broken", "Something broke and nothing was stored."),
    503: ("Unavailable", "The service cannot work right now. Try again, with the same idempotency key."),
}
_LATER = {"Retry-After": "RetryAfter"}
_OWN_HEADERS = {401: {"WWW-Authenticate": "SignIn"}, 429: _LATER, 503: _LATER}


class DescribedApp(FastAPI):
    """An application whose document tells the whole truth."""

    def openapi(self) -> Json:
        """The document, made once."""
        if self.openapi_schema is None:
            self.openapi_schema = _completed(super().openapi(), self)
        return self.openapi_schema


def _completed(document: Json, app: FastAPI) -> Json:
    components = document["components"]
    schemas = components["schemas"]
    for route, method in _operations(app):
        operation = document["paths"][route.path_format][method.lower()]
        access = access_of(route.endpoint)
        keyed = access.idempotent and method == "POST"
        _add_access(operation, access)
        _add_answers(operation, route, _problems_of(operation, method, access, schemas))
        _add_headers(operation, keyed=keyed)
    _require_what_is_always_answered(document, schemas)
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    problem = TypeAdapter(Problem).json_schema(ref_template="#/components/schemas/{model}")
    schemas |= {**problem.pop("$defs"), "Problem": problem}
    document["components"] = {
        "schemas": dict(sorted(schemas.items())),
        "responses": {name: _problem(status, text) for status, (name, text) in _PROBLEMS.items()},
        "parameters": {"AcceptLanguage": _LANGUAGE, "IdempotencyKey": _KEY},
        "headers": _HEADERS,
        "securitySchemes": _SECURITY,
    }
    return document


def _operations(app: FastAPI) -> Iterator[tuple[EdgeRoute, str]]:
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if isinstance(route, EdgeRoute) and route.include_in_schema:
            yield from ((route, method) for method in sorted(route.methods or ()))


def _add_access(operation: Json, access: Access) -> None:
    scheme = None if access.public else "device" if access.device else "bearer"
    operation["security"] = [{scheme: []}] if scheme else []
    operation["description"] = f"{operation.get('description', '')}\n\n{_who(access)}".strip()
    if scheme == "bearer":
        operation["x-roles"] = [role.value for role in Role if role in access.roles]


def _who(access: Access) -> str:
    if access.public:
        return "For everybody, without signing in."
    if access.device:
        return f"For enrolled devices of the kind {access.device}."
    if access.roles == frozenset(Role):
        return "For everybody who is signed in."
    return f"For: {', '.join(' '.join(ROLE_NAMES[role]) for role in Role if role in access.roles)}."


def _problems_of(operation: Json, method: str, access: Access, schemas: Json) -> list[int]:
    """The statuses of the problems the operation can answer with."""
    parameters = operation.get("parameters", [])
    body = operation.get("requestBody")
    changing = method not in READING
    keyed = access.idempotent and method == "POST"
    # a filter of a list finds less; what has to be said is looked up
    said = [body, *(one for one in parameters if one["required"])]
    asked = {
        400: True,
        401: not access.public,
        403: not access.public,
        404: any(_names_something(one, schemas) for one in said),
        409: changing or any(one["in"] == "query" for one in parameters if one["required"]),
        413: changing,
        422: keyed,
        429: access.throttled,
        500: True,
        503: changing or not access.public,
    }
    return [status for status, possible in asked.items() if possible]


def _names_something(schema: Any, schemas: Json) -> bool:
    """Whether what `schema` describes is looked up: a part of the path, or an id or a code anywhere in the input."""
    return any(
        one.get("in") == "path" or one.get("format") == "uuid" or one.get("pattern") == CODE
        for one in _within(schema, schemas, set())
    )


def _within(schema: Any, schemas: Json, seen: set[str]) -> Iterator[Json]:
    """Every object within `schema`, references that are not yet `seen` followed."""
    if isinstance(schema, list):
        for one in schema:
            yield from _within(one, schemas, seen)
    elif isinstance(schema, dict):
        yield schema
        name = _referred(schema)
        if name and name not in seen:
            seen.add(name)
            yield from _within(schemas[name], schemas, seen)
        for one in schema.values():
            yield from _within(one, schemas, seen)


def _referred(schema: Json) -> str:
    """The name of the schema that `schema` refers to; empty where it refers to none."""
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _require_what_is_always_answered(document: Json, schemas: Json) -> None:
    """An answer has all its fields, also those with a default; pydantic leaves that open."""
    bodies = [one.get("requestBody") for item in document["paths"].values() for one in item.values()]
    asked = {_referred(one) for one in _within(bodies, schemas, set())}
    for name, schema in schemas.items():
        if name not in asked and "properties" in schema:
            schema["required"] = list(schema["properties"])


def _add_answers(operation: Json, route: EdgeRoute, statuses: list[int]) -> None:
    answers = operation["responses"]
    # what FastAPI believes to answer to bad input
    answers.pop("422", None)
    if route.judges and route.status_code == 201:
        answers["200"] = {**answers["201"], "description": "Refused: what was asked for does not exist, or stops here."}
        answers["201"]["description"] = "Allowed: what was asked for exists and goes on."
    refused = {str(status): {"$ref": f"#/components/responses/{_PROBLEMS[status][0]}"} for status in statuses}
    operation["responses"] = dict(sorted({**refused, **answers}.items()))


def _add_headers(operation: Json, *, keyed: bool) -> None:
    replayed = {"Idempotency-Replayed": "Replayed"} if keyed else {}
    for answer in operation["responses"].values():
        if "$ref" not in answer:
            answer["headers"] = _header_references({"X-Request-Id": "RequestId", **replayed})
    names = ["AcceptLanguage", *(["IdempotencyKey"] if keyed else [])]
    references = [{"$ref": f"#/components/parameters/{name}"} for name in names]
    operation["parameters"] = [*operation.get("parameters", ()), *references]


def _problem(status: int, text: str) -> Json:
    headers = {"X-Request-Id": "RequestId", "Content-Language": "Language", **_OWN_HEADERS.get(status, {})}
    content = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": text, "headers": _header_references(headers), "content": content}


def _header_references(names: dict[str, str]) -> Json:
    return {name: {"$ref": f"#/components/headers/{component}"} for name, component in names.items()}
