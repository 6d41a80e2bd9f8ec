"""The Graph API without its transport: a call in, an answer out, also for each call of a batch."""

import json
from dataclasses import dataclass, field
from itertools import count
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

import msgspec

from sandbox.journal import Journal
from sandbox.meta.access import USER, Access
from sandbox.meta.call import Call, View
from sandbox.meta.errors import GraphError, bad_parameter, no_field, no_object, unknown_path
from sandbox.meta.insights_request import read_request
from sandbox.meta.insights_rows import insights_page
from sandbox.meta.nodes import find_node, list_accounts, list_edge, read_node
from sandbox.meta.oauth import MetaOAuth
from sandbox.meta.reports import Reports
from sandbox.meta.usage import Usage
from sandbox.shop.ledger import Ledger

_LARGEST_BATCH = 50


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, JSON body and headers."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict[str, str])


class Graph:
    """Meta's API over one ledger."""

    def __init__(self, ledger: Ledger, journal: Journal, access: Access, oauth: MetaOAuth) -> None:
        self._ledger = ledger
        self._access, self._oauth = access, oauth
        self._reports = Reports(journal)
        self._usage = Usage()
        self._traces = count(1)

    def answer(self, call: Call, now: int) -> Answer:
        """The answer to a call as of an instant; errors are answers too."""
        self._usage.count()
        try:
            said = self._said(call, View(self._ledger, now))
        except GraphError as error:
            return self.refused(error)
        return Answer(200, msgspec.json.encode(said), self._headers())

    def refused(self, error: GraphError, *, blocked_minutes: int | None = None) -> Answer:
        """An error as an answer."""
        body = msgspec.json.encode(error.body(f"Asbx{next(self._traces):08d}"))
        return Answer(error.status, body, self._headers(blocked_minutes))

    def _headers(self, blocked_minutes: int | None = None) -> dict[str, str]:
        accounts = self._ledger.world.accounts
        return self._usage.headers(accounts, blocked_minutes=blocked_minutes)

    def _said(self, call: Call, view: View) -> Any:
        if call.path == ("oauth", "access_token"):
            return self._oauth.exchange(call, view.now)
        proof = call.params.get("appsecret_proof")
        self._access.check(call.path, call.token, proof, view.now)
        match call.method, call.path:
            case "POST", ():
                return self._batch(call, view)
            case "GET", ("me",):
                return USER
            case "GET", ("me", "adaccounts"):
                return list_accounts(call, view)
            case "GET", ("me", "permissions"):
                return self._access.permissions(call.token, view.now)
            case "DELETE", ("me", "permissions"):
                return self._access.revoke(view.now)
            case "GET", ("debug_token",):
                return self._access.inspected(call.params.get("input_token", ""), view.now)
            case "POST", (node_id, "insights"):
                return self._reports.start(call, view, node_id)
            case "GET", (report_id,) if self._reports.holds(report_id):
                return self._reports.poll(report_id, view)
            case "GET", (report_id, "insights") if self._reports.holds(report_id):
                return self._reports.page(call, view, report_id)
            case "GET", ("me", edge):
                raise no_field(edge, "User")
            case "GET", (node_id,):
                return read_node(call, view, find_node(node_id, view))
            case "GET", (node_id, "insights"):
                return insights_page(call, view, read_request(call, view, find_node(node_id, view)))
            case "GET", (node_id, edge):
                return list_edge(call, view, find_node(node_id, view), edge)
            case method, (node_id, *_) if method != "GET":
                raise no_object(node_id, method)
            case _, path:
                raise unknown_path("/".join(path))

    def _batch(self, call: Call, view: View) -> list[dict[str, Any]]:
        asked = call.json_param("batch")
        if not isinstance(asked, list):
            raise bad_parameter("param batch must be an array.")
        parts = cast("list[object]", asked)
        if len(parts) > _LARGEST_BATCH:
            raise GraphError(
                100, f"Too many requests in batch message. Maximum is {_LARGEST_BATCH}"
            )
        return [self._batched(one, call, view) for one in parts]

    def _batched(self, one: object, call: Call, view: View) -> dict[str, Any]:
        try:
            answer = self.answer(_part(one, call), view.now)
        except GraphError as error:
            answer = self.refused(error)
        headers = {"Content-Type": "application/json; charset=UTF-8", **answer.headers}
        return {
            "code": answer.status,
            "headers": [{"name": name, "value": value} for name, value in headers.items()],
            "body": answer.body.decode(),
        }


def _part(one: Any, call: Call) -> Call:
    """One entry of a batch as a call of its own, with the batch's token unless it has one."""
    match one:
        case {"method": str(method), "relative_url": str(relative_url)}:
            url = urlsplit(relative_url)
            params = dict(parse_qsl(url.query, keep_blank_values=True))
            params |= dict(parse_qsl(str(one.get("body", "")), keep_blank_values=True))
            token = params.pop("access_token", call.token)
            if "appsecret_proof" in call.params:
                params.setdefault("appsecret_proof", call.params["appsecret_proof"])
            path = tuple(part for part in url.path.split("/") if part)
            if path and path[0][:1] == "v" and path[0][1:2].isdigit():
                path = path[1:]
            return Call(method.upper(), path, params, call.base_url, token)
        case _:
            raise bad_parameter(f"batch entry is malformed: {json.dumps(one)[:80]}")
