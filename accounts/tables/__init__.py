"""Tables and lookups of the control schema, as SQLAlchemy Core sees them."""

from accounts.tables import linked, people, vault

__all__ = ["linked", "people", "vault"]  # all of them, or `metadata` would not be whole
