"""Laws of the pure core, held against the oracle, and mutants that must break them."""
