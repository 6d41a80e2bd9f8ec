"""Accounts: who may see what, and what is still to be read. Control data, never a figure.

Here: users, workspaces, memberships, invitations, sessions, connections and poll work, in the
schema `control`, which `migrate` brings up to date. It is written directly, since none of it is an
event; who changed what is a line of `audit.py`'s log, in the transaction of the change.
May import nothing else of ours but `schemas`. Engines are given, never made from settings.

Every table with a workspace has forced row level security: a transaction sees the workspace that
`database.transaction` names, and nothing at all without one. What has to be found before a
workspace is known (log-in, session, poll work) comes from a function in the database that answers
with one piece and its workspace; those belong to metricx_lookup (`migrations/lookup_role.py`).

To add a table: a migration, its Core twin in `tables.py`, a policy if it has a workspace. A test
generated from the catalogue fails if the policy is missing. Start at `session.py`.
"""
