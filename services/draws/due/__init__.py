"""What is due after the inspections of a draw."""
