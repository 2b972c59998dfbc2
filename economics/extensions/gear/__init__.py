"""Gear with a life of its own: host, network, storage; it is bought again when that is over."""
