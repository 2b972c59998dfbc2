"""What a rack may have beside its own: contracts, a delay, components that are replaced."""
