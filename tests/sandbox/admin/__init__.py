"""Tests of sandbox/admin."""
