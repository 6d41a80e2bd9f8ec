"""Servers of a test run: shared ones, pairs of a test's own, databases, budgets of time."""
