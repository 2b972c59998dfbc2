"""What every scenario is stated in: units, bounds, problems, headers."""
