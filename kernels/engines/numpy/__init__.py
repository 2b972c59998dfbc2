"""Programs run by numpy, tile by tile."""
