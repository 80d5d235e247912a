"""The people's side of draws: inspectors, their recusals and codes, partner departments, and who inspects whom."""
