"""Questions that are asked often, as typed rows; row level security supplies the workspace.

`ranges.py`, `elapsed.py` and `deltas.py` are pure; the others take an AsyncConnection whose
transaction names the workspace (`accounts.database.transaction`). What computes a metric is
`readmodels/semantic`, never a query here.
"""
