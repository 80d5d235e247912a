"""Webhooks: who subscribed is told when what he may see has changed."""
