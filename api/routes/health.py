"""`GET /health` and `GET /ready`: whether the process lives, and whether it can answer."""

from fastapi import APIRouter, Request, Response

from api.readiness import missing
from api.shapes.health import Health, Ready

router = APIRouter(tags=["Operations"])


@router.get(
    "/health",
    operation_id="readHealth",
    responses={200: {"content": {"application/json": {"example": {"status": "ok"}}}}},
)
async def read_health() -> Health:
    """The process is alive; nothing else is asked."""
    return {"status": "ok"}


_NOT_READY = {"status": "not-ready", "missing": ["postgres"]}


@router.get(
    "/ready",
    operation_id="readReadiness",
    responses={
        200: {"content": {"application/json": {"example": {"status": "ready", "missing": []}}}},
        503: {
            "model": Ready,
            "description": "Something is missing, by name",
            "content": {"application/json": {"example": _NOT_READY}},
        },
    },
)
async def read_readiness(request: Request, response: Response) -> Ready:
    """The database answers, migrations are at head, views are served, the listener is alive."""
    lacking = await missing(request.app)
    if lacking:
        response.status_code = 503
    response.headers["cache-control"] = "no-store"
    return {"status": "not-ready" if lacking else "ready", "missing": lacking}
