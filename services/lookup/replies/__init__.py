"""What subjects have to say of their items."""
