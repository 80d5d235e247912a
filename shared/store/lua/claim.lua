#!lua
-- Claim a bucket for a writer: from now on every other writer's calls are refused.
--
-- KEYS  1 stamp  2 progress
-- ARGV  1 new stamp
-- Answer: the progress, if there is one. The call may be sent twice.

redis.call('SET', KEYS[1], ARGV[1])
return redis.call('GET', KEYS[2])
