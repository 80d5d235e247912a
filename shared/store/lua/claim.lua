#!lua
-- Claim a bucket for a writer: from now on every other writer's calls are refused.
--
-- KEYS  1 stamp  2 positions  3 rebuilding
-- ARGV  1 new stamp
-- Answer: positions and rebuilding, each as field, value, … The call may be sent twice.

redis.call('SET', KEYS[1], ARGV[1])
return {redis.call('HGETALL', KEYS[2]), redis.call('HGETALL', KEYS[3])}
