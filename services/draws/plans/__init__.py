"""Draws being planned: what is asked for, what is added, and what is said of it."""
