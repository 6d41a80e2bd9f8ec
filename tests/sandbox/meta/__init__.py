"""Tests of sandbox/meta."""
