"""The command line, the HTTP service and files: decode, ask, encode. No formula is here."""
