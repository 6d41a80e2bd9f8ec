"""A real browser on a running demo; the specs lie in ui/e2e."""
