"""One request, one transaction, committed before the answer is sent.

Every router uses `EdgeRoute`. Its order: who is calling and may they; the idempotency key; the endpoint; what of its
answer is not for the caller's roles made null; the answer stored beside the effect; COMMIT; and only then a byte to the
client. Reading routes get no transaction.
"""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel
from sqlalchemy.exc import DBAPIError
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from fangxing import policies, throttles
from fangxing.answers import Judged
from fangxing.auth import Principal
from fangxing.database import Reader, is_infrastructure
from fangxing.errors import DomainError
from fangxing.policies import PolicyBook
from fangxing.running import devices
from fangxing.running.devices import Credential, DeviceRow
from fangxing.sight import Sight
from fangxing.text import Language, negotiate
from fangxing.validation import Body, Json, Parameters
from fangxing.web import idempotency
from fangxing.web.access import Access, access_of
from fangxing.web.export import FILE_CONTENT, File
from fangxing.web.problems import OUTCOME_UNKNOWN
from fangxing.work import Look, Work

if TYPE_CHECKING:
    from fangxing.running.service import Runtime

READING = frozenset({"GET", "HEAD"})
"""The methods of routes that change nothing."""
Handler = Callable[[Request], Coroutine[Any, Any, Response]]
_F = TypeVar("_F", bound=Callable[..., Any])


class EdgeRoute(APIRoute):
    """A route that declares its access and runs inside one unit of work.

    Its caller acts in those of his roles that open it, here and in whatever it calls.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        answer, may_be_file = _answer_of(endpoint)
        if may_be_file:
            options |= {"response_model": answer, "responses": {200: {"content": FILE_CONTENT}}}
        super().__init__(path, endpoint, **options)

    def get_route_handler(self) -> Handler:
        """The endpoint wrapped in authentication, idempotency and the transaction."""
        endpoint = super().get_route_handler()
        endpoint = _refusing_unknown(endpoint, _asked_of(self))
        if self.judges:
            endpoint = _with_status_of_verdict(endpoint)
        self.sight = Sight(self.response_model)
        if self.sight:
            endpoint = self._masked(endpoint)
        access = access_of(self.endpoint)
        strict = _takes_body(self.body_field)

        async def handle(request: Request) -> Response:
            if strict:
                request = _StrictRequest(request.scope, request.receive)
            runtime: Runtime = request.app.state.runtime
            await _authenticate(request, runtime, access)
            if request.method in READING:
                return await endpoint(request)
            try:
                return await _in_transaction(request, runtime, access, endpoint)
            except DomainError as error:
                if error.type is not devices.DEVICE_KEY_INVALID:
                    raise
                raise await _counted(request, runtime) from error

        return handle

    @property
    def judges(self) -> bool:
        """Whether the answer is a verdict, which may be a refusal."""
        return isinstance(self.response_model, type) and issubclass(self.response_model, Judged)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that has found its route; a `quick` endpoint is called right here."""
        if not getattr(self.endpoint, "__quick__", False) or scope["method"] not in (self.methods or ()):
            await super().handle(scope, receive, send)
            return
        request = Request(scope, receive, send)
        runtime: Runtime = request.app.state.runtime
        await _authenticate(request, runtime, access_of(self.endpoint))
        _refuse_unknown(request, frozenset())
        language = negotiate(request.headers.get("accept-language"))
        source = await _source(request)
        answer: BaseModel = await self.endpoint(
            **request.path_params, runtime=runtime, language=language, source=source
        )
        response = Response(answer.model_dump_json(), media_type="application/json")
        await (_mask(response, self.sight, request) if self.sight else response)(scope, receive, send)

    def _masked(self, endpoint: Handler) -> Handler:
        async def handle(request: Request) -> Response:
            return _mask(await endpoint(request), self.sight, request)

        return handle


class _StrictRequest(Request):
    """A request that gives its body on as the JSON that came, for a `Body` to read."""

    async def json(self) -> Any:
        return Json(await self.body())


def _takes_body(field: Any) -> bool:
    kind = field.field_info.annotation if field is not None else None
    return any(isinstance(one, type) and issubclass(one, Body) for one in (kind, *get_args(kind)))


def _asked_of(route: APIRoute) -> frozenset[str]:
    """The names that a route takes from the query; raises TypeError where no `Parameters` declare them."""
    names: set[str] = set()
    for field in route.dependant.query_params:
        declared = field.field_info.annotation
        if not (isinstance(declared, type) and issubclass(declared, Parameters)):
            raise TypeError(f"{route.name} takes {field.name!r} from the query: say so in a Parameters")
        names.update(info.alias or name for name, info in declared.model_fields.items())
    return frozenset(names)


def _refusing_unknown(endpoint: Handler, asked: frozenset[str]) -> Handler:
    async def handle(request: Request) -> Response:
        _refuse_unknown(request, asked)
        return await endpoint(request)

    return handle


def _refuse_unknown(request: Request, asked: frozenset[str]) -> None:
    """Raise what FastAPI raises for bad input where the query has a name that is not `asked`, or one more than once."""
    given = Counter(name for name, _ in request.query_params.multi_items())
    faults = {name: "given_twice" for name, times in given.items() if times > 1}
    faults |= dict.fromkeys(given.keys() - asked, "extra_forbidden")
    if faults:
        raise RequestValidationError(
            [{"type": fault, "loc": ("query", name), "msg": ""} for name, fault in sorted(faults.items())]
        )


def _with_status_of_verdict(endpoint: Handler) -> Handler:
    """201 only where what was asked for exists and goes on."""

    async def judge(request: Request) -> Response:
        response = await endpoint(request)
        if response.status_code == 201 and not orjson.loads(response.body)["allowed"]:
            response.status_code = 200
        return response

    return judge


def quick(endpoint: _F) -> _F:
    """For a reading route with a queue behind it: `endpoint` is called without FastAPI's solving of dependencies.

    It takes its path parameters, all of them text, and `runtime`, `language` and `source`, and answers with a model.
    """
    endpoint.__quick__ = True  # type: ignore[attr-defined]
    return endpoint


def _answer_of(endpoint: Callable[..., Any]) -> tuple[Any, bool]:
    """What an endpoint answers as JSON, and whether it may answer a file instead."""
    annotation = get_type_hints(endpoint, include_extras=True).get("return")
    parts = get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)
    return Union[tuple(part for part in parts if part is not File)], File in parts  # noqa: UP007


def _mask(response: Response, sight: Sight, request: Request) -> Response:
    """`response` with null for what is not for the caller's roles; a file has been made for them."""
    if not isinstance(response, File):
        principal: Principal | None = getattr(request.state, "principal", None)
        response.body = sight.masked(bytes(response.body), principal.sight if principal else frozenset())
        response.headers["content-length"] = str(len(response.body))
    return response


async def _authenticate(request: Request, runtime: "Runtime", access: Access) -> None:
    if not access.public and access.device is None:
        principal = await runtime.tokens.principal(request.headers.get("authorization"))
        access.check(principal)
        request.state.principal = principal.acting_as(access.roles)


async def _in_transaction(request: Request, runtime: "Runtime", access: Access, endpoint: Handler) -> Response:
    # read before the transaction, which a slow client shall not hold open, and so that its size counts on every route
    await request.body()
    needs_key = access.idempotent and request.method == "POST"
    claimed = await idempotency.claim(request, request.state.principal.id) if needs_key else None
    committing = False
    database = runtime.database
    async with database.urgent() if access.urgent else database.at_the_desk() as tx:
        try:
            async with tx.begin():
                if claimed and (answered := await idempotency.replay(tx, claimed)):
                    return answered
                if access.device:
                    request.state.principal, request.state.device = await devices.authenticate(
                        tx, _credential(request, runtime), access.device, runtime.clock.system.now()
                    )
                work = await runtime.work(
                    tx,
                    actor=getattr(request.state, "principal", None),
                    traceparent=request.headers.get("traceparent"),
                )
                request.state.work = work
                response = await endpoint(request)
                await tx.flush()
                if claimed:
                    await idempotency.store(tx, claimed, response, work.system_now)
                committing = True
        except (DBAPIError, OSError) as error:
            if committing and (isinstance(error, OSError) or is_infrastructure(error)):
                raise OUTCOME_UNKNOWN() from error
            raise
    return response


def _address(request: Request) -> str:
    return throttles.source_of(request.client.host if request.client else None)


def _credential(request: Request, runtime: "Runtime") -> Credential:
    settings = runtime.settings
    return Credential.read(
        request.headers.get("authorization"),
        source=_address(request),
        tries=settings.guesses,
        seconds=settings.guess_seconds,
    )


async def _counted(request: Request, runtime: "Runtime") -> DomainError:
    """What to say to a wrong device key, once it is counted in a transaction that stands."""
    async with runtime.database.transaction() as tx:
        return await devices.count_failure(tx, _credential(request, runtime), runtime.clock.system.now())


# these wait for nothing, but FastAPI gives whatever is not `async def` to a thread, five threads a request
async def _work(request: Request) -> Work:
    work: Work = request.state.work
    return work


async def _principal(request: Request) -> Principal:
    principal: Principal = request.state.principal
    return principal


async def _device(request: Request) -> DeviceRow:
    device: DeviceRow = request.state.device
    return device


async def _source(request: Request) -> str:
    principal: Principal | None = getattr(request.state, "principal", None)
    return f"{principal.id if principal else ''}@{_address(request)}"


async def _reader(request: Request) -> AsyncIterator[Reader]:
    runtime: Runtime = request.app.state.runtime
    async with runtime.database.reader() as connection:
        yield connection


async def _long_reader(request: Request) -> AsyncIterator[Reader]:
    runtime: Runtime = request.app.state.runtime
    async with runtime.database.long_reader() as connection:
        yield connection


async def _runtime(request: Request) -> Any:
    return request.app.state.runtime


async def _language(request: Request) -> Language:
    return negotiate(request.headers.get("accept-language"))


CurrentWork = Annotated[Work, Depends(_work)]
"""The unit of work of a changing route."""
# given back before the answer is sent, so that a slow client keeps no connection
CurrentReader = Annotated[Reader, Depends(_reader, scope="function")]
"""A read-only connection for a reading route."""
LongReader = Annotated[Reader, Depends(_long_reader, scope="function")]
"""A read-only connection for a reading route that goes through everything, as it was at one moment."""
Caller = Annotated[Principal, Depends(_principal)]
"""Who is calling, in those of his roles that open the route."""
CallingDevice = Annotated[DeviceRow, Depends(_device)]
"""The device that is calling."""
Source = Annotated[str, Depends(_source)]
"""Who is calling, and from where: whom guesses are counted against."""
CallerLanguage = Annotated[Language, Depends(_language)]
"""The language of the answer."""


async def _look(request: Request, reader: CurrentReader, caller: Caller, language: CallerLanguage) -> Look:
    runtime: Runtime = request.app.state.runtime
    return Look(reader, caller, language, await runtime.clock.time(reader))


CurrentLook = Annotated[Look, Depends(_look)]
"""What it takes to read for the caller."""


async def _policies(request: Request, reader: CurrentReader) -> PolicyBook:
    runtime: Runtime = request.app.state.runtime
    return await policies.load(reader, runtime.service.policies, (await runtime.clock.time(reader)).today)


CurrentPolicies = Annotated[PolicyBook, Depends(_policies)]
"""The policies in effect today, for a reading route."""
CurrentRuntime = Annotated[Any, Depends(_runtime)]
"""The service's runtime; for the machinery's own routes."""


def _operation_id(route: APIRoute) -> str:
    return f"{route.tags[0]}.{route.name}" if route.tags else route.name


def router(tag: str, prefix: str = "") -> APIRouter:
    """A router whose routes are `EdgeRoute`s, tagged `tag`."""
    return APIRouter(prefix=prefix, tags=[tag], route_class=EdgeRoute, generate_unique_id_function=_operation_id)
