"""Tests of ingest/providers/."""
