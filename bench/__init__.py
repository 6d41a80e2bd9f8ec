"""How fast metricx is, against the bars of docs/performance.md and against other engines."""
