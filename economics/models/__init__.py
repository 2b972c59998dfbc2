"""Graphs of formulas: the rack, what is sold on top of it, and models without a rack."""
