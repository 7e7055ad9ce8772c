"""Errors as RFC 9457 problem+json, in Chinese or English by Accept-Language.

The only place that knows HTTP statuses.
"""

from collections.abc import Mapping
from typing import Annotated, NotRequired

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import Field
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from typing_extensions import TypedDict

from fangxing.database import does_not_fit, is_busy, is_infrastructure
from fangxing.database.types import to_json
from fangxing.errors import DomainError, ErrorType, Kind
from fangxing.running.logs import discreet
from fangxing.text import Language, negotiate
from fangxing.validation import meaning

log = structlog.get_logger(__name__)

STATUS: Mapping[Kind, int] = {
    Kind.INVALID: 400,
    Kind.UNAUTHENTICATED: 401,
    Kind.FORBIDDEN: 403,
    Kind.NOT_FOUND: 404,
    Kind.TOO_SLOW: 408,
    Kind.CONFLICT: 409,
    Kind.TOO_LARGE: 413,
    Kind.MISMATCH: 422,
    Kind.TOO_MANY: 429,
    Kind.HEAD_TOO_LARGE: 431,
    Kind.UNAVAILABLE: 503,
}

MEDIA_TYPE = "application/problem+json"

INPUT_INVALID = ErrorType(
    "input-invalid", Kind.INVALID, "输入有误，请见各字段说明", "The input is not valid; see the fields"
)
REQUEST_BROKEN_OFF = ErrorType(
    "request-broken-off", Kind.INVALID, "请求没有发完", "The request was broken off", field="body"
)
INTERNAL = ErrorType(
    "internal",
    Kind.UNAVAILABLE,
    "系统出错，未保存任何内容；请把编号 {request} 告诉管理员",
    "Something broke and nothing was stored; tell the administrator the number {request}",
)
OUTCOME_UNKNOWN = ErrorType(
    "outcome-unknown",
    Kind.UNAVAILABLE,
    "提交时连接中断，结果未知；请用同一 Idempotency-Key 重试",
    "The connection was lost while committing and the outcome is unknown; retry with the same Idempotency-Key",
)
DATABASE_UNAVAILABLE = ErrorType(
    "database-unavailable",
    Kind.UNAVAILABLE,
    "数据库暂时不可用，未保存任何内容，请稍后重试",
    "The database is not available and nothing was stored; try again",
)
VALUE_OUT_OF_RANGE = ErrorType(
    "value-out-of-range",
    Kind.INVALID,
    "有数值或文字超出范围，未保存任何内容",
    "A value is out of range; nothing was stored",
)
BUSY = ErrorType(
    "busy",
    Kind.UNAVAILABLE,
    "系统繁忙，未保存任何内容，请稍后用同一 Idempotency-Key 重试",
    "Too busy; nothing was stored, try again with the same Idempotency-Key",
)

_HTTP: Mapping[int, ErrorType] = {
    404: ErrorType("no-such-address", Kind.NOT_FOUND, "没有这个地址", "There is nothing at this address"),
    400: ErrorType(
        "body-unreadable", Kind.INVALID, "无法读取请求内容", "The request body cannot be read", field="body"
    ),
    405: ErrorType("method-not-allowed", Kind.INVALID, "此地址不支持该方法", "This address does not take that method"),
}

# SQLSTATE of text with a NUL, as text and inside JSON: PostgreSQL cannot hold it
_NUL = frozenset({"22021", "22P05"})


class FieldProblem(TypedDict):
    """What is wrong with one field of the input, in the caller's language."""

    field: Annotated[str, Field(examples=["lines.0.tons"])]
    slug: Annotated[str, Field(examples=["decimal-places"])]
    text: Annotated[str, Field(examples=["最多 3 位小数"])]


class Problem(TypedDict):
    """Why a request was not done, in the caller's language (RFC 9457). What does not apply is left out.

    `slug` is what programs go by; `clause` is the clause of the manual behind it; `field` is the input it is about and
    `fields` are all that are wrong.
    """

    type: Annotated[str, Field(pattern="^urn:fangxing:problem:[a-z0-9-]+$", examples=["urn:fangxing:problem:own-case"])]
    slug: Annotated[str, Field(pattern="^[a-z0-9-]+$", examples=["own-case"])]
    title: Annotated[str, Field(examples=["不能审批自己发起或经手的事项"])]
    status: Annotated[int, Field(ge=400, le=599, examples=[403])]
    clause: NotRequired[Annotated[str, Field(examples=["1-3"])]]
    field: NotRequired[str]
    fields: NotRequired[list[FieldProblem]]


def problem(
    error: DomainError, language: Language, *, fields: list[FieldProblem] | None = None, status: int | None = None
) -> Response:
    """`error` as a problem+json response; `status` where it is not that of the error's kind."""
    status = status or STATUS[error.type.kind]
    body = Problem(
        type=f"urn:fangxing:problem:{error.type.slug}",
        slug=error.type.slug,
        title=error.say(language),
        status=status,
    )
    if error.type.clause:
        body["clause"] = error.type.clause
    if error.field:
        body["field"] = error.field
    if fields:
        body["fields"] = fields
    headers: dict[str, str] = {"Content-Language": language}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if status == 503:
        headers["Retry-After"] = "1"
    if status == 429:
        headers["Retry-After"] = str(error.params["seconds"])
    return Response(to_json(body), status, headers, media_type=MEDIA_TYPE)


def _language(request: Request) -> Language:
    return negotiate(request.headers.get("accept-language"))


def _field_name(location: tuple[int | str, ...]) -> str:
    parts = [str(part) for part in location if part not in ("body", "query", "path", "header")]
    return ".".join(parts) or "body"


async def _on_domain_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, DomainError)
    return problem(error, _language(request))


async def _on_broken_off(request: Request, error: Exception) -> Response:
    # nobody is there to read it, and nothing is wrong with us
    return problem(REQUEST_BROKEN_OFF(), _language(request))


async def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    language = _language(request)
    fields: list[FieldProblem] = []
    for item in error.errors():
        slug = item["type"].replace("_", "-")
        name = "body" if item["type"] == "json_invalid" else _field_name(item["loc"])
        fields.append(FieldProblem(field=name, slug=slug, text=meaning(item).say(language)))
    return problem(INPUT_INVALID(at=fields[0]["field"]), language, fields=fields)


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    known = _HTTP.get(error.status_code)
    if known is None:
        detail = str(error.detail)
        known = ErrorType("bad-request", Kind.INVALID, detail, detail)
    response = problem(known(), _language(request), status=error.status_code)
    if "allow" in (allowed := Headers(error.headers)):
        response.headers["Allow"] = allowed["allow"]
    return response


async def _on_database(request: Request, error: Exception) -> Response:
    if is_busy(error):
        return problem(BUSY(), _language(request))
    if isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in _NUL:
        return problem(INPUT_INVALID(), _language(request))
    if isinstance(error, DBAPIError) and does_not_fit(error):
        log.warning("request.out_of_range", path=request.url.path, error=discreet(error))
        return problem(VALUE_OUT_OF_RANGE(), _language(request))
    if isinstance(error, DBAPIError) and not is_infrastructure(error):
        return await _on_unexpected(request, error)
    log.warning("database.unavailable", error=discreet(error))
    return problem(DATABASE_UNAVAILABLE(), _language(request))


async def _on_unexpected(request: Request, error: Exception) -> Response:
    reference = getattr(request.state, "request_id", "-")
    log.error("request.failed", path=request.url.path, request=reference, exc_info=error)
    response = problem(INTERNAL(request=reference), _language(request), status=500)
    # this one leaves past the middleware that gives every other answer its id
    response.headers["X-Request-Id"] = reference
    return response


def install(app: FastAPI) -> None:
    """Make every error of `app` a problem+json answer."""
    app.add_exception_handler(DomainError, _on_domain_error)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(ClientDisconnect, _on_broken_off)
    app.add_exception_handler(DBAPIError, _on_database)
    app.add_exception_handler(PoolTimeout, _on_database)
    # a service opens no sockets and files of its own in a request: this is its database that cannot be reached
    app.add_exception_handler(OSError, _on_database)
    app.add_exception_handler(Exception, _on_unexpected)
