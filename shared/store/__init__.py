"""The store (Redis or Valkey): projections only, rebuilt from the log whenever they are lost."""
