"""Tests of sandbox/shop."""
