"""Read models: what can be asked.

Here: the tables of each projection, the versions that hold them and the views that serve one of
them, roles, the metric catalogue with its compiler (`semantic/`) and the questions that are asked
often (`queries/`). May import `accounts` and `schemas`; nothing else of ours. `processors` writes
the tables, `api` reads the views, and they meet here alone.

To add a metric: one entry in `semantic/catalogue.py`.
"""
