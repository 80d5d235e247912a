"""What became of an event, by its identity."""
