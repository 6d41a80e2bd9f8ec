"""Tests of sandbox/shopify."""
