"""Ingest: the write side, from a platform's or visitor's word to an event in Kafka.

Here: the publisher with its spool, the only producer of the house; providers, one folder each;
pollers, which lease pieces of work, and the schedule that makes them due.
May import `accounts` and `schemas`; never `readmodels`, `processors` or `api`.
Money and counts become integers here, zones become UTC intervals: what comes after has no float,
no zone data and no clock.

To add a provider: its folder in `providers/`. To publish: `publisher.Publisher`. Start at
`poller.run`, the way of one piece being `piece_run.PieceRun`.
"""
