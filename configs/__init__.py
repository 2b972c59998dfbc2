"""Catalog rows, scenarios and sweeps: every number with its source and date."""
