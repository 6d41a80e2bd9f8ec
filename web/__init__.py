"""Web: what every route of ours shares, whichever room it lies in.

Here: problems and how they reach the wire, the trace of a request, who asks and what they may do.
`api/routes` and `ingest/http` both stand on it, and neither may import the other.
May import `accounts` and `schemas`; nothing else of ours.

A route says by its type what it needs (`callers.py`): somebody signed in, or somebody who may do
one action in the workspace that they act in. Start at `callers.py`.
"""
