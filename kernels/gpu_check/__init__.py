"""Whether a device computes what numpy computes, and how fast."""
