"""Keeping a copy in step: exports of all subjects, and the feed of what has changed since one."""
