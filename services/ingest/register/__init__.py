"""The register of subjects 主体名录, written through the log."""
