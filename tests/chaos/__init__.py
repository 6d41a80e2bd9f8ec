"""Long faults under load: `make chaos`."""
