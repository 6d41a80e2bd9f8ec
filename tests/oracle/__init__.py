"""The oracle: every row of every read model, worked out again from the raw topics alone.

Here: `wire` (bytes to facts, by the standard library), `quarters`, `ad_rows`, `entity_rows`,
`sync_rows` (facts to rows), `ledger` and `repeats` (what the offsets must add up to), `lag`
(whether the workers have caught up) and `verdict`, which reads Kafka and PostgreSQL and compares.
May import nothing of the product: an error shared with it would be invisible. It is naive on
purpose: all facts at once, sorted, brute force, integers only.
Start at `rows.py`; end a test with `verdict.assert_equals_oracle`.
"""
