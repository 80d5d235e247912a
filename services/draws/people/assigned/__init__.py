"""Assignments over HTTP, as JSON and as a calendar."""
