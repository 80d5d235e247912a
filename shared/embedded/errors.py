"""What can go wrong with the embedded engines, told to whoever starts them."""

from __future__ import annotations


class EnginesError(Exception):
    """An engine cannot start or has died; the message says why and what would help."""
