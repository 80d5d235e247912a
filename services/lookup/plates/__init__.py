"""The vehicles of a hauler."""
