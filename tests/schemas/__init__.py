"""Proofs of what an event is."""
