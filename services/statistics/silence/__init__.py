"""Objections that were not answered in time."""
