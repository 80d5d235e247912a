"""What a citizen or a witness takes home: the journal, the bundle, the slip."""
