#!lua
-- Write a bucket's new positions after the effects of all records before them.
--
-- KEYS  1 stamp  2 positions
-- ARGV  1 stamp expected  2 stamp new, then per topic partition: field, offset
-- Answer: 1, or 0 where the bucket has another stamp (nothing is written then). The call may be sent twice.

local stamp = redis.call('GET', KEYS[1])
if stamp ~= ARGV[1] and stamp ~= ARGV[2] then return 0 end
for at = 3, #ARGV, 2 do redis.call('HSET', KEYS[2], ARGV[at], ARGV[at + 1]) end
redis.call('SET', KEYS[1], ARGV[2])
return 1
