"""How commands of draws are answered."""
