"""Ranks among peers."""
