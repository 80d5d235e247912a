"""The small rulebooks of the room of rulebooks, for the commands about them."""

from tests.unit.rulebooks.conftest import second, small

__all__ = ["second", "small"]
