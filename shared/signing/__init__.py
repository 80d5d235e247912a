"""Signatures that outlive the service: Ed25519 keys in a folder, detached JWS, secrets that are derived, never kept."""
