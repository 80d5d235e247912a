#!lua
-- Write a bucket's new positions after the effects of all records before them.
--
-- KEYS  1 positions
-- ARGV  per topic partition: field, offset expected ('' none), offset new
-- Answer: 1, or 0 where a position is neither what was expected nor the new one (nothing is written then). The call
-- may be sent twice.

for at = 1, #ARGV, 3 do
  local position = redis.call('HGET', KEYS[1], ARGV[at]) or ''
  if position ~= ARGV[at + 1] and position ~= ARGV[at + 2] then return 0 end
end
for at = 1, #ARGV, 3 do redis.call('HSET', KEYS[1], ARGV[at], ARGV[at + 2]) end
return 1
