"""Proofs, by the rooms of the house."""
