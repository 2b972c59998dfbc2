"""Named quantities over grids: shapes and devices, nothing about what the numbers mean."""
