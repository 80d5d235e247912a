#!lua
-- Close a bucket to readers until ends are applied, or open it again.
--
-- KEYS  1 stamp  2 rebuilding
-- ARGV  1 stamp expected  2 stamp new, then per topic partition: field, end; none opens the bucket
-- Answer: 1, or 0 where the bucket has another stamp (nothing is written then). The call may be sent twice.

local stamp = redis.call('GET', KEYS[1])
if stamp ~= ARGV[1] and stamp ~= ARGV[2] then return 0 end
redis.call('DEL', KEYS[2])
for at = 3, #ARGV, 2 do redis.call('HSET', KEYS[2], ARGV[at], ARGV[at + 1]) end
redis.call('SET', KEYS[1], ARGV[2])
return 1
