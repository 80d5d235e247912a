"""A sample city 样例城市: made-up subjects and two years of their events, the same for the same seed."""
