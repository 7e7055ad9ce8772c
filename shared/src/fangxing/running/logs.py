"""Structured logs: one JSON object a line on standard error, with the request's id where there is one.

What goes wrong is said without the values it went wrong with: a log is read by people who may not see a customer's
name or debt, and kept longer than any password.
"""

import logging
import re
import sys
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Any

import asyncpg
import structlog
from pydantic import ValidationError
from sqlalchemy.exc import StatementError

from fangxing.errors import DomainError

# as PostgreSQL and asyncpg quote a value, and the argument asyncpg cannot send, up to its reason in brackets
_VALUE = re.compile(r"""(?<=: ).*(?= \()|'[^']*'|"[^"]*\"""", re.DOTALL)


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
    end_discreetly()


def end_discreetly() -> None:
    """Let the process say discreetly what it dies of."""
    sys.excepthook = _last_words


def discreet(error: BaseException) -> str:
    """What `error` says without the values it is about: no row, no SQL parameter, no input, no sentence for people."""
    # whoever wraps an error of asyncpg repeats it whole
    wrapped = error.orig if isinstance(error, StatementError) else error
    for one in (wrapped, getattr(wrapped, "__cause__", None)):
        if isinstance(one, asyncpg.PostgresError | asyncpg.InterfaceError):
            return _of_the_database(one)
    if isinstance(error, ValidationError):
        faults = error.errors(include_url=False, include_context=False, include_input=False)
        return "; ".join(f"{'.'.join(map(str, fault['loc'])) or '-'}: {fault['type']}" for fault in faults)
    if isinstance(error, DomainError):
        return error.type.slug
    return type(error).__name__ if isinstance(error, StatementError) else str(error) or type(error).__name__


def _of_the_database(error: asyncpg.PostgresError | asyncpg.InterfaceError) -> str:
    """The first line, which names the rule; the row stands in the details. Who objects to a value quotes it, too."""
    said = str(error.args[0]) if error.args else type(error).__name__
    about_a_value = not isinstance(error, asyncpg.PostgresError) or str(error.sqlstate).startswith("22")
    return _VALUE.sub("…", said) if about_a_value else said


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
