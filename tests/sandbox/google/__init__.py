"""Tests of sandbox/google."""
