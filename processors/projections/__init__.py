"""Projections, one file each: load, fold, apply and the declaration `projection`."""
