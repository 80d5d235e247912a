"""The scoring worker: ledgers, scores, and their way out."""
