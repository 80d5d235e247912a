"""The loop that all consumers share, and what they have to say to it."""
