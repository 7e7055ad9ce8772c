"""Health for an orchestrator and metrics for Prometheus. Neither tells anything of the business."""

from typing import Literal

from fastapi import Request, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel

from fangxing.web.access import public
from fangxing.web.edge import router as edge_router

router = edge_router("health")


class Health(BaseModel):
    """Whether the process, or the service with its database, can work."""

    status: Literal["ok", "database-unavailable"]


@router.get("/health/live")
@public()
async def live() -> Health:
    """The process answers."""
    return Health(status="ok")


@router.get("/health/ready", responses={503: {"model": Health}})
@public()
async def ready(request: Request, response: Response) -> Health:
    """The service can work: its database answers. The broker may be away; requests go on without it."""
    if await request.app.state.runtime.database_answers():
        return Health(status="ok")
    response.status_code = 503
    return Health(status="database-unavailable")


@router.get("/metrics", response_class=PlainTextResponse)
@public()
async def metrics() -> Response:
    """Prometheus metrics."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
