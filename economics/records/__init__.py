"""What a scenario may state, as typed records."""
