"""The live feed: one listener a process, one payload a workspace, many clients.

`listener.py` hears PostgreSQL, `feed.py` turns what it hears into at most one payload in 200 ms for
each workspace that somebody watches, `client.py` is one watcher's bounded queue, `stream.py` the
response, `hub.py` holds them together. A feed belongs to one workspace and reads by row level
security: nothing of one can reach a client of another.
"""
