"""Tests of ingest/providers/shopify/."""
