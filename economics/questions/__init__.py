"""Questions about one scenario: quote, explain, solve, compare. They need no numpy."""
