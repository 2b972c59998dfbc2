"""The routes, by subject. A handler decides and hands on: one to three statements."""
