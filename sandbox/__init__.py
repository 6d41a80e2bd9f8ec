"""Sandbox: stand-in platforms over one simulated shop, for tests and the demo.

Here: `shop/`, whose figures are a pure function of (seed, instant, injected changes); one folder
per platform in its true wire format (`meta/`, `google/`, `shopify/`, `clerk/`); `admin/`, which
tells the truth and injects changes and faults; `journal.py`, which keeps what must outlive a
restart; `consent.py`, `pages.py` and `grants.py`, which the platforms' OAuth shares.
Imports nothing of ours, and nothing of ours imports it: the product meets it over HTTP alone.
Integers only: no float, no clock and no order of calls reaches a figure.

To add a platform: a folder beside `meta/`, mounted in `app.py`, with every unconfirmed behaviour
listed in README.md. Start at `shop/ledger.py`.
"""
