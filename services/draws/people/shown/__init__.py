"""What is told of the people of a draw: what was filed, and whose codes those are who served."""
