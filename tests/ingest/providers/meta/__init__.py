"""Tests of ingest/providers/meta/; `replies/` holds answers of the Marketing API, made by hand."""
