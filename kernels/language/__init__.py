"""What a formula may be written with."""
