"""What a score would be if something were otherwise 假设推演."""
