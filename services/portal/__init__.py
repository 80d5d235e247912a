"""Pages for people: the guides."""
