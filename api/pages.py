"""The built pages under `/app`: files as they are, every other path the single page's."""

from os import PathLike
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

_FOREVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_NOT_BUILT = (
    "The pages are not built. Run `python3 scripts/prepare.py runtime ui`, as `make demo` does, "
    "then start the API again.\n"
)


class Pages:
    """The single-page application, if it was built; its own router finds unknown paths."""

    def __init__(self, dist: Path | None) -> None:
        self._files = _Files(dist) if dist and (dist / "index.html").is_file() else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from the build, or say how to make one."""
        answer = self._files or PlainTextResponse(_NOT_BUILT, status_code=503)
        await answer(scope, receive, send)


class _Files(StaticFiles):
    """Files named after their content's hash lie in `assets/` and never change."""

    def __init__(self, dist: Path) -> None:
        super().__init__(directory=dist, html=True)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file; for a path that is none, and looks like a page, the single page."""
        try:
            return await super().get_response(path, scope)
        except HTTPException as error:
            is_page = error.status_code == 404 and "." not in Path(path).name
            if not is_page or path.startswith("assets/"):
                raise
            return await super().get_response("index.html", scope)

    def file_response(
        self,
        full_path: str | PathLike[str],
        stat_result: "object",
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """The file, kept for ever if its name changes with its content."""
        response = super().file_response(full_path, stat_result, scope, status_code)  # type: ignore[arg-type]
        hashed = Path(full_path).parent.name == "assets"
        response.headers["cache-control"] = _FOREVER if hashed else _ASK_AGAIN
        return response
