"""Providers: the ad platforms that pollers read, one folder each, found by lying here.

A folder holds a thin client of the platform's API, the way from its replies to events, and
`open_provider(settings)`, which returns a `protocol.Provider`. It knows nothing of Kafka,
PostgreSQL, leases or schedules.

To add a provider: its folder here, its stand-in in `sandbox/`, and tests that turn recorded
replies into observations. Start at `meta/reader.py`.
"""
