#!lua
-- Note in which counties subjects of a partition may be filed.
--
-- KEYS  1 marks  2 places  3 counties
-- ARGV  1 number of the partition  2 stamp expected  3 stamp new  4 number of counties to add, then these, then per
--       subject: its id, its place
-- Answer: 1, or 0 where the partition has another stamp (nothing is written then). The call may be sent twice.

local mark = redis.call('HGET', KEYS[1], ARGV[1])
local offset, stamp = string.match(mark or '', '^(%d+) (%S+)$')
if stamp ~= ARGV[2] and stamp ~= ARGV[3] then return 0 end
local first = 5 + tonumber(ARGV[4])
for at = 5, first - 1 do redis.call('SADD', KEYS[3], ARGV[at]) end
for at = first, #ARGV, 2 do redis.call('HSET', KEYS[2], ARGV[at], ARGV[at + 1]) end
redis.call('HSET', KEYS[1], ARGV[1], offset .. ' ' .. ARGV[3])
return 1
