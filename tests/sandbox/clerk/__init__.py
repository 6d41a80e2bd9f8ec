"""Tests of sandbox/clerk."""
