"""Who may read a shop: whoever holds a token of that very shop."""

from starlette.requests import Request
from starlette.responses import JSONResponse

from sandbox.grants import Grants

_DENIED = "[API] Invalid API key or access token (unrecognized login or wrong password)"


class ShopAccess:
    """The check that each call of the Admin API passes."""

    def __init__(self, grants: Grants) -> None:
        self._grants = grants

    def opens(self, request: Request, now: int) -> bool:
        """Whether the call's token is good, and for the shop of its path."""
        token = request.headers.get("x-shopify-access-token", "")
        issued = self._grants.find("shopify", token, "access")
        return (
            issued is not None
            and issued.state(now) == "live"
            and issued.details["shop"] == request.path_params["shop"].lower()
        )

    @staticmethod
    def denied() -> JSONResponse:
        """401, where `errors` is a text and no list."""
        return JSONResponse({"errors": _DENIED}, 401)
