"""Keys of subjects, for the one-time codes of their notices."""
