"""Rulebooks over HTTP: every published version, and the way in for a new one."""
