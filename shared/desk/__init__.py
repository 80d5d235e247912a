"""The desk of dead letters: what state each is in, sending them again, putting them aside (DESIGN.md section 4)."""
