"""A plan written down once: expressions, programs, the grid they run over."""
