"""`python -m runtime` is `metricx`."""

from runtime.cli import app

app(prog_name="metricx")
