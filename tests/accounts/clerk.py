"""A stand-in for Clerk, on a real socket where that matters, and tokens by keys of our own."""

import asyncio
import json
import socket
import time
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import jwt
import uvicorn
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import RSAAlgorithm
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from accounts.clerk.settings import ClerkSettings

PAGE_ORIGIN = "https://app.metricx.test"
API_KEY = "sk_test_of_the_tests"


@cache
def _rsa(kid: str, bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


@dataclass(frozen=True)
class SigningKey:
    """An RSA key by its id; the same id is the same key for the whole run."""

    kid: str = "ins_1"
    bits: int = 2048

    @property
    def private(self) -> rsa.RSAPrivateKey:
        """What signs."""
        return _rsa(self.kid, self.bits)

    @property
    def public_pem(self) -> bytes:
        """What everybody may know."""
        return self.private.public_key().public_bytes(
            Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
        )

    @property
    def jwk(self) -> dict[str, Any]:
        """As the JWKS lists it."""
        public = json.loads(RSAAlgorithm.to_jwk(self.private.public_key()))
        return {
            "use": "sig",
            "kty": "RSA",
            "kid": self.kid,
            "alg": "RS256",
            **{part: public[part] for part in ("n", "e")},
        }

    def sign(self, claims: dict[str, Any], **header: Any) -> str:
        """A token with exactly these claims."""
        named = {"kid": self.kid, "typ": "JWT", **header}
        return jwt.encode(claims, self.private, algorithm="RS256", headers=named)


def claims(
    issuer: str, sub: str = "user_2a", sid: str | None = None, **changed: Any
) -> dict[str, Any]:
    """Claims of a good token; None leaves one out."""
    now = int(time.time())
    good = {
        "iss": issuer,
        "sub": sub,
        "sid": sid or f"sess_of_{sub}",
        "azp": PAGE_ORIGIN,
        "iat": now,
        "nbf": now - 10,
        "exp": now + 60,
        "v": 2,
        "sts": "active",
        "fva": [3, -1],
        **changed,
    }
    return {name: value for name, value in good.items() if value is not None}


def user(
    clerk_id: str,
    *,
    updated_at: int = 1763660000100,
    email: str | None = "jane.doe@example.com",
    status: str = "verified",
    first_name: str | None = "Jane",
    last_name: str | None = "Doe",
    **more: Any,
) -> dict[str, Any]:
    """A user as Clerk gives them."""
    address = {
        "id": "idn_1",
        "object": "email_address",
        "email_address": email,
        "linked_to": [],
        "verification": {"status": status, "strategy": "email_code"},
    }
    return {
        "id": clerk_id,
        "object": "user",
        "username": None,
        "locale": None,
        "first_name": first_name,
        "last_name": last_name,
        "banned": False,
        "primary_email_address_id": "idn_1" if email else None,
        "email_addresses": [address] if email else [],
        "public_metadata": {},
        "created_at": 1763660000000,
        "updated_at": updated_at,
        **more,
    }


@dataclass
class Clerk:
    """What the stand-in serves; tests change it while it runs."""

    url: str
    keys: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    users: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    passed_over: set[str] = field(default_factory=set[str])
    """Users whom the list misses, as it does when pages shift."""
    is_away: bool = False
    delay_seconds: float = 0
    failures: deque[tuple[int, dict[str, str]]] = field(
        default_factory=deque[tuple[int, dict[str, str]]]
    )
    """Status and headers of the next answers of the Backend API."""
    asked: list[str] = field(default_factory=list[str])
    asked_at: list[float] = field(default_factory=list[float])
    ended: list[str] = field(default_factory=list[str])

    def count(self, path: str) -> int:
        """How often this was asked for."""
        return sum(each.startswith(path) for each in self.asked)

    def settings(self, **changed: Any) -> ClerkSettings:
        """Settings that point here."""
        given: dict[str, Any] = {
            "issuer": self.url,
            "api_url": self.url,
            "secret_key": API_KEY,
            "authorized_parties": frozenset({PAGE_ORIGIN}),
            **changed,
        }
        return ClerkSettings(**given)

    def token(self, sub: str, *, sid: str | None = None, **changed: Any) -> str:
        """A good token of this user, signed with the first key."""
        return SigningKey().sign(claims(self.url, sub, sid, **changed))

    def app(self) -> Starlette:
        """Itself, to be served or asked."""
        return Starlette(
            routes=[
                Route("/.well-known/jwks.json", self.answer),
                Route("/v1/users", self.answer),
                Route("/v1/users/{clerk_id}", self.answer),
                Route("/v1/sessions/{session_id}/revoke", self.answer, methods=["POST"]),
            ]
        )

    async def answer(self, request: Request) -> Response:
        """All routes."""
        self.asked.append(request.url.path)
        self.asked_at.append(time.monotonic())
        await asyncio.sleep(self.delay_seconds)
        if self.is_away:
            return Response("not today", status_code=500)
        if request.url.path == "/.well-known/jwks.json":
            return JSONResponse({"keys": self.keys})
        if self.failures:
            status, headers = self.failures.popleft()
            return JSONResponse(_error("rate_limited"), status, headers)
        if request.headers.get("authorization") != f"Bearer {API_KEY}":
            return JSONResponse(_error("authentication_invalid"), 401)
        if "session_id" in request.path_params:
            self.ended.append(request.path_params["session_id"])
            return JSONResponse({"object": "session"})
        if clerk_id := request.path_params.get("clerk_id"):
            found = self.users.get(clerk_id)
            return JSONResponse(found or _error("resource_not_found"), 200 if found else 404)
        limit, offset = (int(request.query_params[name]) for name in ("limit", "offset"))
        listed = [each for name, each in self.users.items() if name not in self.passed_over]
        return JSONResponse(listed[offset : offset + limit])


def _error(code: str) -> dict[str, Any]:
    return {"errors": [{"code": code, "message": code, "meta": {}}], "clerk_trace_id": "t"}


@asynccontextmanager
async def clerk_server() -> AsyncGenerator[Clerk]:
    """Clerk with one key and no user, until the block ends."""
    listening = socket.create_server(("127.0.0.1", 0))
    clerk = Clerk(f"http://127.0.0.1:{listening.getsockname()[1]}", keys=[SigningKey().jwk])
    config = uvicorn.Config(clerk.app(), log_level="warning", lifespan="off")
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve([listening]))
    while not server.started:  # noqa: ASYNC110 (uvicorn has no event for it)
        await asyncio.sleep(0.01)
    try:
        yield clerk
    finally:
        server.should_exit = True
        await running
        listening.close()
