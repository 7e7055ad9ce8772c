"""Health for an orchestrator and metrics for Prometheus. Neither tells anything of the business.

`live`: the process answers; where it does not, start it again. `serving`: requests can be served, for a load balancer.
`ready`: that and the way of events to and from other services, for whoever watches: nothing may stay behind unseen.
"""

from collections.abc import Sequence
from typing import Literal

from fastapi import Request, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel

from fangxing.running.readiness import Finding, Need, Readiness, Status
from fangxing.web.access import public
from fangxing.web.edge import CallerLanguage
from fangxing.web.edge import router as edge_router

router = edge_router("health")


class Alive(BaseModel):
    """The process answers."""

    status: Literal["pass"] = "pass"


class CheckOut(BaseModel):
    """One thing the service needs. `needed_for`: what does not work while it fails.

    `observed` and `limit` are in `unit`; null where nothing is counted, `observed` also where it could not be seen.
    """

    check: str
    status: Status
    needed_for: Need
    meaning: str
    observed: float | None
    limit: float | None
    unit: str | None


class Health(BaseModel):
    """Whether everything that was asked for passes; `missing` are the checks that fail."""

    status: Literal["pass", "fail"]
    missing: list[str]
    checks: list[CheckOut]


@router.get("/health/live")
@public()
async def live() -> Alive:
    """The process answers."""
    return Alive()


@router.get("/health/serving", responses={503: {"model": Health}})
@public()
async def serving(request: Request, response: Response, language: CallerLanguage) -> Health:
    """Requests can be served: the database answers and has the newest schema. The broker may be away."""
    return _health(await _readiness(request).for_requests(), response, language)


@router.get("/health/ready", responses={503: {"model": Health}})
@public()
async def ready(request: Request, response: Response, language: CallerLanguage) -> Health:
    """Requests can be served, and events flow: the broker answers, nothing waits longer than the limits allow."""
    return _health(await _readiness(request).for_all(), response, language)


@router.get("/metrics", response_class=PlainTextResponse)
@public()
async def metrics() -> Response:
    """Prometheus metrics."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _readiness(request: Request) -> Readiness:
    readiness: Readiness = request.app.state.runtime.readiness
    return readiness


def _health(findings: Sequence[Finding], response: Response, language: CallerLanguage) -> Health:
    passes = all(finding.status is Status.PASS for finding in findings)
    if not passes:
        response.status_code = 503
    return Health(
        status="pass" if passes else "fail",
        missing=[finding.check.name for finding in findings if finding.status is Status.FAIL],
        checks=[
            CheckOut(
                check=finding.check.name,
                status=finding.status,
                needed_for=finding.check.needed_for,
                meaning=finding.meaning.say(language),
                observed=finding.observed,
                limit=finding.limit,
                unit=finding.check.unit,
            )
            for finding in findings
        ],
    )
