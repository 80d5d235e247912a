"""Many subjects in one request."""
