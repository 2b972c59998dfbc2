"""Grids: tiles of cells, and what is left of them."""
