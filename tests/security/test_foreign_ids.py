"""What belongs to another workspace answers as what does not exist (S10).

Each route, each identifier that it takes, asked by an owner of a workspace with an id of another
one, and with an id of nothing: the two answers must be one, to the byte.
"""

import json
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
import pytest_asyncio
from sqlalchemy import text

from accounts.connections import connect
from accounts.database import engine, transaction
from accounts.tokens import Grant, keep_token
from runtime.openapi import document
from tests.api.platforms import at_the_sandbox
from tests.api.signing_in import JSON, application, client, new_user
from tests.security.identifiers import Identifier, identifiers
from tests.servers.databases import Database

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOT_AN_ID = {
    "path.provider": "the name of a platform; what is none is no valid request",
}
"""Parts of paths that name nobody's property, each with its reason."""

ALSO_NEEDED: Mapping[str, dict[str, Any]] = {
    "changeRole": {"role": "viewer"},
    "renameConnection": {"label": "Mine now"},
    "connectAdAccounts": {"account_ids": ["700420170042"]},
}
"""What else the body of an operation must hold, so that it is refused for its id alone."""

FOUND = [each for each in identifiers(document()) if f"{each.place}.{each.name}" not in NOT_AN_ID]


@dataclass(frozen=True)
class Tenants:
    """Somebody who owns a workspace, and what there is in another one, by what ids are called."""

    mine: httpx2.AsyncClient
    foreign: Mapping[str, str]
    database: Database
    foreign_workspace: UUID


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def tenants(module_database: Database) -> AsyncIterator[Tenants]:
    """Two workspaces; in the foreign one there is one of everything that has an id."""
    async with (
        application(module_database, platforms=at_the_sandbox()) as app,
        client(app) as mine,
        client(app) as theirs,
    ):
        await mine.post("/auth/register", json=new_user())
        me = (await theirs.post("/auth/register", json=new_user())).json()
        workspace_id = UUID(me["workspace"]["id"])
        invitation = await theirs.post(
            "/workspaces/current/invitations", json={"role": "viewer"}, headers=JSON
        )
        key = await theirs.post(
            "/workspaces/current/api-keys", json={"name": "x", "scopes": ["read"]}, headers=JSON
        )
        sessions = (await theirs.get("/auth/sessions")).json()["sessions"]
        control = engine(module_database.control, pool_size=1)
        async with transaction(control, workspace_id=workspace_id) as db:
            token_id = await keep_token(
                db, app.state.vault, workspace_id, "meta", "1", _grant(), created_by=None
            )
            connection_id = await connect(
                db, workspace_id, provider="meta", account_id="1", label="Theirs"
            )
        await control.dispose()
        foreign = {
            "workspace_id": str(workspace_id),
            "user_id": me["user"]["id"],
            "invitation_id": invitation.json()["invitation"]["id"],
            "key_id": key.json()["api_key"]["id"],
            "session_id": sessions[0]["id"],
            "connection_id": str(connection_id),
            "consent": str(token_id),
        }
        yield Tenants(mine, foreign, module_database, workspace_id)


def _grant() -> Grant:
    later = datetime.now(UTC) + timedelta(days=60)
    return Grant(
        access_token="theirs alone",
        refresh_token=None,
        scopes=("ads_read",),
        expires_at=later,
        refresh_expires_at=None,
        renew_at=later,
    )


async def test_the_table_of_identifiers_is_whole(tenants: Tenants) -> None:
    """A new kind of id needs one of it in the foreign workspace, or a reason."""
    kinds = {each.name for each in FOUND if not each.is_list}
    assert kinds == set(tenants.foreign)
    assert len(FOUND) > 15
    lists = {str(each) for each in FOUND if each.is_list}
    assert lists == {"POST /auth/{provider}/accounts body.account_ids"}  # the platform's own ids


@pytest.mark.parametrize(
    "asked", [each for each in FOUND if not each.is_list], ids=lambda each: str(each)
)
async def test_a_foreign_id_is_answered_as_one_of_nothing(
    tenants: Tenants, asked: Identifier
) -> None:
    """404, with one status, headers and bytes, once id, path and trace are masked."""
    before = await _everything_foreign(tenants)
    foreign = await _answer(tenants, asked, tenants.foreign[asked.name])
    missing = await _answer(tenants, asked, str(uuid4()))
    assert foreign == missing
    assert foreign[0] == 404
    assert await _everything_foreign(tenants) == before


async def _answer(tenants: Tenants, asked: Identifier, value: str) -> tuple[int, Any, bytes]:
    path = asked.path.replace("{provider}", "meta")
    body = dict(ALSO_NEEDED.get(asked.operation, {}))
    query: dict[str, str] = {}
    if asked.place == "path":
        path = path.replace(f"{{{asked.name}}}", value)
    elif asked.place == "query":
        query[asked.name] = value
    else:
        body[asked.name] = value
    assert "{" not in path
    content = json.dumps(body).encode() if body or asked.place == "body" else b""
    headers = JSON if content else {}
    answer = await tenants.mine.request(
        asked.method, path, params=query, content=content, headers=headers
    )
    said = [
        (name, _masked(told.encode(), value))
        for name, told in answer.headers.multi_items()
        if name not in ("date", "x-trace-id")
    ]
    return answer.status_code, said, _masked(answer.content, value)


def _masked(content: bytes, value: str) -> bytes:
    """Without what is asked for, the path, and the id of the request."""
    content = content.replace(value.encode(), b"ID")
    content = re.sub(rb'"instance":"[^"]*"', b'"instance":""', content)
    return re.sub(rb'"trace_id":"[^"]*"', b'"trace_id":""', content)


async def _everything_foreign(tenants: Tenants) -> list[str]:
    """All rows of the foreign workspace, as text."""
    auditor = engine(tenants.database.auditor, pool_size=1)
    async with auditor.connect() as db:
        tables = (
            await db.scalars(
                text(
                    "select table_name from information_schema.columns where table_schema ="
                    " 'control' and column_name = 'workspace_id' order by 1"
                )
            )
        ).all()
        rows = [
            f"{table} {row}"
            for table in tables
            for row in await db.scalars(
                text(f"select t::text from control.{table} t where workspace_id = :id order by 1"),
                {"id": tenants.foreign_workspace},
            )
        ]
    await auditor.dispose()
    return rows
