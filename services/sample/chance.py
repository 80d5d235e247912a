"""The one source of chance of the sample city."""

from __future__ import annotations

from random import Random


class Chance(Random):
    """Pseudo-random with a fixed seed: the same city everywhere. Nothing here is secret or drawn by lot."""

    def happens(self, probability: float) -> bool:
        """Whether something of this probability happens."""
        return self.random() < probability
