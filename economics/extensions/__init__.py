"""What a rack may have beside its own: contracts, a delay, gear with a life of its own."""
