from shared.registry.kinds import KINDS
from shared.rulebooks.loader import SHIPPED, load_directory


def test_kinds_are_those_of_the_rulebooks():
    assert set(KINDS) == {kind for book in load_directory(SHIPPED) for kind in book.kinds}
    assert all(kind.name == name for name, kind in KINDS.items())
