"""Command line: python -m sandbox --port 8100 --state DIR."""

import argparse
import sys
from datetime import date
from pathlib import Path

import uvicorn

from sandbox.app import create_app, settled_plan
from sandbox.journal import Journal, JournalBusy
from sandbox.shop.plan import PlanError, demo_account, read_accounts


def main() -> int:
    """Serve until told to stop; 2 if what was asked cannot be."""
    asked = _parser().parse_args()
    try:
        accounts = (
            read_accounts(asked.accounts, asked.zone)
            if asked.accounts
            else (demo_account(asked.zone),)
        )
        journal = Journal(asked.state)
        plan = settled_plan(journal, asked.seed, asked.days, asked.start, accounts)
    except (PlanError, JournalBusy) as wrong:
        print(f"sandbox: {wrong}", file=sys.stderr)
        return 2
    app = create_app(journal, plan, asked.app_secret)
    print(f"sandbox: http://{asked.host}:{asked.port}/meta (shop data is simulated)", flush=True)
    # Its own Date header: the answers carry virtual time.
    uvicorn.run(
        app,
        host=asked.host,
        port=asked.port,
        log_level="warning",
        access_log=False,
        date_header=False,
        server_header=False,
        timeout_graceful_shutdown=3,
    )
    journal.close()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox", description="Stand-in ad platforms over one simulated shop."
    )
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--state", type=Path, required=True, help="directory of the journal")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--days", type=int, default=90, help="days of history at the first start")
    parser.add_argument("--start", type=date.fromisoformat, help="first date; today minus days")
    parser.add_argument("--zone", default="America/New_York", help="of the demo's account")
    parser.add_argument("--accounts", type=Path, help="JSON file with more accounts")
    parser.add_argument("--app-secret", help="demand an appsecret_proof made with it")
    return parser


if __name__ == "__main__":
    sys.exit(main())
