"""`/problems/{code}`: the pages that the `type` of a problem leads to, for people."""

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from api.problem_page import STYLESHEET, list_page, problem_page
from web.problems import NotFound, kinds

router = APIRouter(prefix="/problems", include_in_schema=False)
_KEPT = {"cache-control": "public, max-age=3600"}


@router.get("")
async def list_problems() -> HTMLResponse:
    """All that the API may answer with."""
    return HTMLResponse(list_page(kinds().values()), headers=_KEPT)


@router.get("/page.css")
async def read_stylesheet() -> Response:
    """A file of its own, since the policy allows no style within a page."""
    return Response(STYLESHEET, media_type="text/css", headers=_KEPT)


@router.get("/{code}")
async def read_problem(code: str) -> HTMLResponse:
    """What a problem means and what to do."""
    kind = kinds().get(code)
    if kind is None:
        raise NotFound(f"No problem has the code {code!r}.")
    return HTMLResponse(problem_page(kind), headers=_KEPT)
