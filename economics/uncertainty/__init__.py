"""Draws of uncertain fields: quantiles, chances, and which input matters."""
