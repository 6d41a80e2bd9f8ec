"""Cards of connections, before any route."""
