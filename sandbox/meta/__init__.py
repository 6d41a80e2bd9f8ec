"""Meta's Marketing API as the wire shows it, over the shop's books.

`routes` is HTTP: parameters, headers, faults. `graph` answers one call, also each of a batch.
`nodes` and `edges` are campaigns, ad sets and ads; `insights_request` → `insights_measures` →
`insights_rows` (with `actions`) are figures; `reports` the asynchronous way to them.
`dialog` asks a person, `oauth` makes tokens of the answer, `access` says what a token opens.
What Meta's documentation does not confirm is listed in ../README.md. Start at `graph.py`.
"""
