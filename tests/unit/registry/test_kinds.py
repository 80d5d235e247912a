from shared.registry.kinds import KINDS


def test_kinds_are_those_of_the_rulebooks():
    assert list(KINDS) == ["shop", "sanitation", "hauler"]
    assert all(kind.name == name for name, kind in KINDS.items())
