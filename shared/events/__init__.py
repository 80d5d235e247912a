"""What travels: the types of events, their envelope, and the check that every door shares (DESIGN.md section 4)."""
