"""Questions about grids: axes, distributions, what is left of the cells."""
