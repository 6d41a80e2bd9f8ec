"""Projections on a real PostgreSQL: events in, rows out."""
