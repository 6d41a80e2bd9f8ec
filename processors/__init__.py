"""Processors: from Kafka chunks to rows, exactly once.

Here: transport, one agent per topic, the one projector, and `projections/`, one file each, found
by lying there. May import `readmodels`, `accounts` and `schemas`; nothing else of ours.
A row is a function of the set of events, never of their order. Only `projector` opens a
transaction or moves an offset. Nothing outlives a transaction.

To add a projection: its tables in `readmodels/tables/NAME.py`, `projections/NAME.py`, and
`tests/processors/projections/test_NAME.py`. Start at `projections/ad_windows.py`.
"""
