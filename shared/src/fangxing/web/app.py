"""The application of a service: its routers and the machinery's, every error a problem, the size of a body bounded."""

import re
import secrets

import structlog
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fangxing.attachments.inspecting import MOST_BYTES
from fangxing.errors import ErrorType, Kind
from fangxing.running.service import Runtime, Service
from fangxing.sight import HiddenField
from fangxing.text import negotiate
from fangxing.web import problems
from fangxing.web.access import Access, access_of
from fangxing.web.document import DescribedApp
from fangxing.web.edge import EdgeRoute
from fangxing.web.operations import routers as operations

BODY_LIMIT = 256 * 1024
"""The largest request body, in bytes, but for a file's."""
_TAKES_FILES = re.compile(r"/attachments$|/imports/[^/]+$")

BODY_TOO_LARGE = ErrorType(
    "body-too-large",
    Kind.TOO_LARGE,
    "请求内容超过 {limit} KB",
    "The request body is over {limit} KB",
    field="body",
)


def body_limit(path: str) -> int:
    """The largest body, in bytes, of a request to `path`."""
    return MOST_BYTES if _TAKES_FILES.search(path) else BODY_LIMIT


class BodyLimit:
    """Refuses a body over its `body_limit`, by its declared length or by counting, before anything is stored."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        declared = headers.get(b"content-length", b"0")
        limit = body_limit(scope["path"])
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise BODY_TOO_LARGE(limit=limit // 1024)
            return message

        if declared.isdigit() and int(declared) > limit:
            language = negotiate(headers.get(b"accept-language", b"").decode("latin-1"))
            response = problems.problem(BODY_TOO_LARGE(limit=limit // 1024), language)
            await response(scope, receive, send)
            return
        await self._app(scope, counted, send)


class RequestIds:
    """Gives every request an id, for the answer and for the logs."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = secrets.token_hex(6)
        scope.setdefault("state", {})["request_id"] = request_id

        async def tagged(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"].append((b"x-request-id", request_id.encode()))
            await send(message)

        bound = structlog.contextvars.bind_contextvars(request=request_id)
        try:
            await self._app(scope, receive, tagged)
        finally:
            structlog.contextvars.reset_contextvars(**bound)


def create_app(service: Service, runtime: Runtime | None = None) -> FastAPI:
    """The service's application. Raises LookupError where a route declares no access.

    `runtime` may be set later as `app.state.runtime`, before the first request.
    """
    app = DescribedApp(title=service.name, description=service.title, version="1", docs_url=None, redoc_url=None)
    app.state.runtime = runtime
    app.state.service = service
    problems.install(app)
    app.add_middleware(BodyLimit)
    app.add_middleware(RequestIds)
    for router in (*service.routers, *operations()):
        # not include_router, which looks every route up three times over
        app.router.routes.extend(router.routes)
    declared_routes(app)
    return app


def declared_routes(app: FastAPI) -> list[tuple[str, str, Access]]:
    """Method, path and declaration of every route, but for the document of the API itself.

    Raises LookupError for a route that declares no access or goes around the edge.
    """
    found: list[tuple[str, str, Access]] = []
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if getattr(route, "path", None) == app.openapi_url:
            continue
        if not isinstance(route, EdgeRoute):
            raise LookupError(f"{context.path} goes around the edge: make its router with fangxing.web.edge.router")
        access = access_of(route.endpoint)
        found += [(method, context.path or "", access) for method in sorted(route.methods or ())]
    return found


def hidden_fields(app: FastAPI) -> list[HiddenField]:
    """The fields of the application's answers that not everybody sees, each once, by shape and name."""
    routes = (context.original_route for context in iter_route_contexts(app.routes))
    found = {field for route in routes if isinstance(route, EdgeRoute) for field in route.sight.fields}
    return sorted(found, key=lambda field: (field.shape, field.field))
