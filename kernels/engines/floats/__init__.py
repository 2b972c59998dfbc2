"""One scenario by plain numbers, as one compiled Python function."""
