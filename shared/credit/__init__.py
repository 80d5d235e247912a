"""What a credit score is (信用积分): pure functions over facts and rulebooks (SCORING.md). No clock, no I/O."""
