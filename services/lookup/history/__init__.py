"""How a score came to be what it is."""
