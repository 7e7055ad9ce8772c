"""Handlers are run so that only the infrastructure's errors get through, and nothing of one that fails stays."""

from collections.abc import Awaitable

import structlog
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from fangxing.bus.envelope import Unreadable
from fangxing.database import is_infrastructure
from fangxing.errors import DomainError
from fangxing.running.logs import discreet
from fangxing.work import Work

log = structlog.get_logger(__name__)


class Poison(Exception):
    """An event that cannot take effect, with the reason."""


async def guarded(work: Work, handling: Awaitable[None]) -> None:
    """Run a handler in a savepoint: whatever it stored goes when it fails. Raises `Poison` with its reason."""
    try:
        async with work.tx.begin_nested():
            await handling
            await work.tx.flush()
    except (OSError, TimeoutError, Poison):
        raise
    except Unreadable as error:
        raise Poison(str(error)) from error
    except Exception as error:
        if isinstance(error, DBAPIError) and is_infrastructure(error):
            raise
        if not isinstance(error, (DomainError, ValidationError)):
            log.exception("handler.failed")
        said = str(error) if isinstance(error, DomainError) else discreet(error)
        raise Poison(f"{type(error).__name__}: {said}") from error
