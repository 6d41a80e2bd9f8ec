"""Migrations of the control schema, in order; each is run once, by `accounts.migrate`."""
