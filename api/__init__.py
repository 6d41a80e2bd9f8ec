"""The API: thin routes, the live feed, the built pages. It reads and never writes a figure.

Here: `app.py` composes the application from plain arguments; `routes/` parse, ask and answer;
`live/` is the stream of changes; `shapes/` is what goes over the wire, from which OpenAPI and the
pages' client are made (`python -m runtime.openapi` writes `docs/openapi.json`).
May import `readmodels`, `web`, `accounts` and `schemas`; never `ingest` or `processors`: what
publishes, or calls an ad or shop platform, lies in `ingest/http`. A request's workspace comes from
its session (`web/callers.py`), nowhere else.

To add a route: its shape in `shapes/`, its file in `routes/`, its line in `app.py`; it names its
problems, and a test refuses one without operationId, example and problems. Start at
`routes/dashboard.py`.
"""
