"""One file per engine: start it on a preloaded topic, time it, read its totals, stop it."""
