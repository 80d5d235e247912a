"""What hangs at the door of a shop: a badge of its grade, and a code that leads to it."""
