"""Asynchronous reports: a run that takes a few polls, then pages as of the instant it was made."""

from typing import Any

from sandbox.journal import Journal
from sandbox.meta.call import Call, View
from sandbox.meta.errors import GraphError
from sandbox.meta.insights_request import InsightsRequest, read_request
from sandbox.meta.insights_rows import insights_page
from sandbox.meta.nodes import find_node

_ID_BASE = 602_300_000_000_000
_STEPS = (("Job Not Started", 0), ("Job Started", 0), ("Job Running", 45), ("Job Completed", 100))
_PAGING = ("limit", "after", "before")


class Reports:
    """The runs made so far; kept over restarts, though a restart begins their polls anew."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._runs = {record["id"]: record for record in journal.records("report")}
        self._polls = dict[str, int]()

    def holds(self, report_id: str) -> bool:
        """Whether a run of that id was ever made."""
        return report_id in self._runs

    def start(self, call: Call, view: View, scope_id: str) -> dict[str, str]:
        """A new run; a request that would fail does so at once."""
        read_request(call, view, find_node(scope_id, view))
        record = {
            "kind": "report",
            "id": str(_ID_BASE + len(self._runs)),
            "scope": scope_id,
            "params": {key: text for key, text in call.params.items() if key not in _PAGING},
            "at": view.now,
        }
        self._journal.append(record)
        self._runs[record["id"]] = record
        return {"report_run_id": str(record["id"])}

    def poll(self, report_id: str, view: View) -> dict[str, Any]:
        """How far a run is; one step further each time it is asked."""
        run = self._runs[report_id]
        polls = self._polls.get(report_id, 0)
        self._polls[report_id] = polls + 1
        status, percent = _STEPS[min(polls, len(_STEPS) - 1)]
        request = self._request(run, view)[1]
        answer: dict[str, Any] = {
            "id": report_id,
            "account_id": request.account.id,
            "time_ref": run["at"],
            "async_status": status,
            "async_percent_completion": percent,
            "is_running": percent < 100,
            "date_start": min(bucket.first for bucket in request.buckets).isoformat(),
            "date_stop": request.last_day.isoformat(),
        }
        if percent == 100:
            answer["time_completed"] = max(run["at"] + 2, min(view.now, run["at"] + 60))
        return answer

    def page(self, call: Call, view: View, report_id: str) -> dict[str, Any]:
        """A page of a completed run's rows."""
        if self._polls.get(report_id, 0) < len(_STEPS):
            raise GraphError(
                2601, "Error accessing adreport job.", subcode=1815107, title="Job not completed"
            )
        then, request = self._request(self._runs[report_id], view)
        return insights_page(call, then, request)

    def _request(self, run: dict[str, Any], view: View) -> tuple[View, InsightsRequest]:
        then = View(view.ledger, run["at"])
        call = Call("GET", (run["scope"], "insights"), run["params"], "", "")
        return then, read_request(call, then, find_node(run["scope"], then))
