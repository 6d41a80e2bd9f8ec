"""Command line: python -m sandbox --port 8100 --state DIR."""

import argparse
import sys
from datetime import date
from pathlib import Path

import uvicorn

from sandbox.app import create_app
from sandbox.journal import Journal, JournalBusy
from sandbox.shop.plan import PlanError, read_accounts
from sandbox.story import DEMO_ZONE, Asked, settled_plan


def main() -> int:
    """Serve until told to stop; 2 if what was asked cannot be."""
    asked = _parser().parse_args()
    try:
        accounts = (
            read_accounts(asked.accounts, asked.zone or DEMO_ZONE) if asked.accounts else None
        )
        journal = Journal(asked.state)
        wanted = Asked(asked.seed, asked.days, asked.start, asked.zone, accounts)
        plan = settled_plan(journal, wanted)
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
    parser.add_argument("--seed", type=int, help="7 at the first start")
    parser.add_argument("--days", type=int, help="of history; 90 at the first start")
    parser.add_argument("--start", type=date.fromisoformat, help="first date; today minus days")
    parser.add_argument("--zone", help=f"of the demo's account; {DEMO_ZONE} at the first start")
    parser.add_argument("--accounts", type=Path, help="JSON file with more accounts")
    parser.add_argument("--app-secret", help="demand an appsecret_proof made with it")
    return parser


if __name__ == "__main__":
    sys.exit(main())
