"""What every scenario is told in: units, bounds, problems, headers."""
