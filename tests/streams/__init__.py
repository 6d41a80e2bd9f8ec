"""Streams: made events for the proofs, as bytes, by the published shape of the events alone.

Here: `calendars` (the hours of a local date), `events` (one event at a time, by hand), `poison`
(records that are no events) and `world` (the polls of several shops, with every fault a platform
and a network have).
May import nothing of the product: a mistake in its encoder would go unseen.
Start at `events.py`.
"""
