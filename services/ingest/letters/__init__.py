"""The desk of dead letters over HTTP."""
