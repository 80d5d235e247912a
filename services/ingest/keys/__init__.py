"""Access keys over HTTP: made, rotated, listed, revoked."""
