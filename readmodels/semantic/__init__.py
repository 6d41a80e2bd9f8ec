"""The semantic layer: what a metric is, what can be asked, and the one compiler.

`catalogue.py` holds the metrics as data. A `SemanticQuery` (`query.py`) names metrics, spans,
grain, breakdown and filters; `compiler.py` turns it into SQLAlchemy Core statements over the views
of `readmodels`; `answer.py` runs them. Only here is a metric computed: everybody else passes on
`values(...)`. A statement yields sums of measures; a ratio is made of sums at the very end.

To add a metric: one entry in `catalogue.py`, and a figure worked by hand in its test.
"""
