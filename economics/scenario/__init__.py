"""From tables to a checked plan: reading, the catalog, flat values, choices."""
