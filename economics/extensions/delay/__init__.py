"""A delay between the payment of the capital and the start of operations."""
