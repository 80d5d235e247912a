#!lua
-- Fill a bucket's outbox with subjects whose summaries must go out though nothing changed them.
--
-- KEYS  1 stamp  2 outbox
-- ARGV  1 stamp expected  2 stamp new, then the subjects
-- Answer: 1, or 0 where the bucket has another stamp (nothing is written then). The call may be sent twice.

local stamp = redis.call('GET', KEYS[1])
if stamp ~= ARGV[1] and stamp ~= ARGV[2] then return 0 end
for at = 3, #ARGV do redis.call('HSET', KEYS[2], ARGV[at], ARGV[2]) end
redis.call('SET', KEYS[1], ARGV[2])
return 1
