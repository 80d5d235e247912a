#!lua
-- Write a bucket's progress: a new position after the effects of all records before it.
--
-- KEYS  1 stamp  2 progress
-- ARGV  1 stamp expected  2 stamp new  3 progress
-- Answer: 1, or 0 where the bucket has another stamp (nothing is written then). The call may be sent twice.

local stamp = redis.call('GET', KEYS[1])
if stamp ~= ARGV[1] and stamp ~= ARGV[2] then return 0 end
redis.call('SET', KEYS[2], ARGV[3])
redis.call('SET', KEYS[1], ARGV[2])
return 1
