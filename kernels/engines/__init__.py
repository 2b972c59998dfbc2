"""Engines: each runs a traced program over a grid, bit for bit the same."""
