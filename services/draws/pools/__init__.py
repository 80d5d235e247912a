"""Who may be drawn 抽查对象名单: the pool and the excluded of a plan, out of live data; `README.md` has the rules."""
