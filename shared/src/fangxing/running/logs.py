"""Structured logs: one JSON object a line on standard error, with the request's id where there is one.

What goes wrong is said without the values it went wrong with: a log is read by people who may not see a customer's
name or debt, and kept longer than any password.
"""

import logging
import sys
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Any

import structlog
from asyncpg import PostgresError
from pydantic import ValidationError
from sqlalchemy.exc import StatementError

from fangxing.errors import DomainError


def configure(level: str = "INFO") -> None:
    """Set up logging for the process; `level` is a name of the logging module."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(lambda raised: traceback_of(raised[1])),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Formatter("%(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    sys.excepthook = _last_words


def discreet(error: BaseException) -> str:
    """What `error` says without the values it is about: no row, no SQL parameter, no input, no sentence for people."""
    if isinstance(error, StatementError):
        cause = getattr(error.orig, "__cause__", None) or error.orig
        return discreet(cause) if isinstance(cause, PostgresError) else type(cause or error).__name__
    if isinstance(error, PostgresError):
        named = (error.sqlstate, error.table_name, error.column_name, error.constraint_name)
        return " ".join([type(error).__name__, *(str(name) for name in named if name)])
    if isinstance(error, ValidationError):
        faults = error.errors(include_url=False, include_context=False, include_input=False)
        return "; ".join(f"{'.'.join(map(str, fault['loc'])) or '-'}: {fault['type']}" for fault in faults)
    if isinstance(error, DomainError):
        return error.type.slug
    return str(error)


def traceback_of(error: BaseException) -> str:
    """The traceback of `error` and of whatever led to it, oldest first, each with what it says discreetly."""
    return "".join(_lines(error)).rstrip("\n")


def _lines(error: BaseException) -> Iterator[str]:
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _lines(before)
        yield "\nThen:\n\n"
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from _lines(one)
            yield "\nIn a group:\n\n"
    yield from traceback.format_tb(error.__traceback__)
    yield f"{type(error).__name__}: {discreet(error)}\n"


class _Formatter(logging.Formatter):
    """For what libraries log."""

    def formatException(self, ei: Any) -> str:
        return traceback_of(ei[1])


def _last_words(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    print(traceback_of(error), file=sys.stderr)
