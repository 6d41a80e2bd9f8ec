"""What keeps one tenant from another, proved on the database itself."""
