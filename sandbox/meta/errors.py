"""The Graph API's errors: one type, and a constructor for each that a client can meet.

All are answered as `{"error": {...}}`; clients tell them apart by code and subcode, for the type
is OAuthException even of a throttle.
"""

from datetime import UTC, datetime
from typing import Any

from sandbox.token import META_APP_ID


class GraphError(Exception):
    """A call that the Graph API answers with an error body."""

    def __init__(
        self,
        code: int,
        message: str,
        *,
        status: int = 400,
        kind: str = "OAuthException",
        subcode: int | None = None,
        transient: bool = False,
        title: str | None = None,
        user_message: str | None = None,
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.status, self.kind = code, message, status, kind
        self.subcode, self.transient = subcode, transient
        self.title, self.user_message = title, user_message

    def body(self, trace_id: str) -> dict[str, Any]:
        """The error as JSON values."""
        error: dict[str, Any] = {"message": self.message, "type": self.kind, "code": self.code}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        if self.transient or self.subcode is not None:
            error["is_transient"] = self.transient
        if self.title is not None:
            error["error_user_title"] = self.title
        if self.user_message is not None:
            error["error_user_msg"] = self.user_message
        return {"error": {**error, "fbtrace_id": trace_id}}


def no_token() -> GraphError:
    """A call without an access token."""
    return GraphError(
        2500, "An active access token must be used to query information about the current user."
    )


def bad_token() -> GraphError:
    """A token that is none."""
    return GraphError(190, "Invalid OAuth access token - Cannot parse access token")


def session_expired(expired_at: int, now: int, *, status: int = 400) -> GraphError:
    """A token that was good until an instant."""
    expired, current = (
        datetime.fromtimestamp(instant, UTC).strftime("%A, %d-%b-%y %H:%M:%S UTC")
        for instant in (expired_at, now)
    )
    return GraphError(
        190,
        f"Error validating access token: Session has expired on {expired}. "
        f"The current time is {current}.",
        status=status,
        subcode=463,
    )


def not_authorized() -> GraphError:
    """A token of a person who has taken the app's permissions back."""
    return GraphError(
        190,
        f"Error validating access token: The user has not authorized application {META_APP_ID}.",
        subcode=458,
    )


def not_granted() -> GraphError:
    """A token of a person who did not let the app read ads."""
    return GraphError(
        200,
        "(#200) Ad account owner has NOT grant ads_management or ads_read permission",
        status=403,
    )


def unknown_app(*, given: bool) -> GraphError:
    """A client_id that no app has, or none."""
    if not given:
        return GraphError(101, "Missing client_id parameter.")
    return GraphError(
        101,
        "Error validating application. Cannot get application info due to a system error.",
    )


def bad_secret() -> GraphError:
    """A client_secret that is not the app's."""
    return GraphError(1, "Error validating client secret.")


def bad_code() -> GraphError:
    """A code that was never given out."""
    return GraphError(100, "Invalid verification code format.")


def used_code() -> GraphError:
    """A code that was exchanged already."""
    return GraphError(100, "This authorization code has been used.", subcode=36009)


def expired_code() -> GraphError:
    """A code older than ten minutes."""
    return GraphError(100, "This authorization code has expired.", subcode=36007)


def other_redirect_uri() -> GraphError:
    """A code that was given out for another redirect_uri."""
    return GraphError(
        100,
        "Error validating verification code. Please make sure your redirect_uri is identical to "
        "the one you used in the OAuth dialog request",
        subcode=36008,
    )


def bad_proof(*, given: bool) -> GraphError:
    """A wrong appsecret_proof, or none where the app demands one."""
    if given:
        return GraphError(100, "Invalid appsecret_proof provided in the API argument")
    return GraphError(
        100,
        "API calls from the server require an appsecret_proof argument",
        kind="GraphMethodException",
    )


def unknown_path(path: str) -> GraphError:
    """A path that leads nowhere."""
    return GraphError(2500, f"Unknown path components: /{path}")


def no_object(object_id: str, method: str = "get") -> GraphError:
    """An id that names nothing, or nothing that can be asked this way."""
    return GraphError(
        100,
        f"Unsupported {method.lower()} request. Object with ID '{object_id}' does not exist, "
        "cannot be loaded due to missing permissions, or does not support this operation. "
        "Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api",
        kind="GraphMethodException",
        subcode=33,
    )


def no_field(name: str, node_type: str) -> GraphError:
    """A field or edge that the node type does not have."""
    return GraphError(
        100, f"(#100) Tried accessing nonexisting field ({name}) on node type ({node_type})"
    )


def bad_parameter(message: str, subcode: int | None = None) -> GraphError:
    """A parameter that cannot be read or makes no sense."""
    return GraphError(100, f"(#100) {message}", subcode=subcode)


def bad_cursor() -> GraphError:
    """A cursor that no page gave out."""
    return GraphError(
        100, "(#100) Invalid cursors values, the cursor provided is not valid for this edge"
    )


def too_much_data() -> GraphError:
    """A page that is too large."""
    return GraphError(
        1,
        "Please reduce the amount of data you're asking for, then retry your request",
        status=500,
        subcode=99,
    )
