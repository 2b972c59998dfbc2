"""The formulas of a rack, one plain function a quantity, by subject."""
