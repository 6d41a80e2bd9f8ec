"""The bench's own code, where figures depend on it."""
