"""Health for an orchestrator and metrics for Prometheus. Neither tells anything of the business."""

from fastapi import Request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import JSONResponse, Response

from fangxing.web.access import public
from fangxing.web.edge import router as edge_router

router = edge_router("health")


@router.get("/health/live")
@public()
async def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/health/ready")
@public()
async def ready(request: Request) -> Response:
    """The service can work: its database answers. The broker may be away; requests go on without it."""
    answers = await request.app.state.runtime.database_answers()
    return JSONResponse({"status": "ok" if answers else "database-unavailable"}, 200 if answers else 503)


@router.get("/metrics")
@public()
async def metrics() -> Response:
    """Prometheus metrics."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
