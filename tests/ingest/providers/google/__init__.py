"""Tests of ingest/providers/google/."""
