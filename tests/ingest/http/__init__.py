"""Tests of ingest/http/: a browser, the application, and the sandbox's platforms."""
