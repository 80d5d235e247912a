#!lua
-- File subjects of a partition in a county, or take them out of it: row and entries together.
--
-- KEYS  1 marks  2 filed  3 entries
-- ARGV  1 number of the partition  2 stamp expected  3 stamp new, then per subject:
--       its id, its facets as they are kept ('' takes it out), number of entries to take out, number to put in, then these
-- Answer: 1, or 0 where the partition has another stamp (nothing is written then). The call may be sent twice.

local mark = redis.call('HGET', KEYS[1], ARGV[1])
local offset, stamp = string.match(mark or '', '^(%d+) (%S+)$')
if stamp ~= ARGV[2] and stamp ~= ARGV[3] then return 0 end
local at = 4
while at <= #ARGV do
  local subject, facets, out, put = ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3])
  at = at + 4
  for entry = at, at + out - 1 do redis.call('ZREM', KEYS[3], ARGV[entry]) end
  at = at + out
  for entry = at, at + put - 1 do redis.call('ZADD', KEYS[3], 0, ARGV[entry]) end
  at = at + put
  if facets == '' then
    redis.call('HDEL', KEYS[2], subject)
  else
    redis.call('HSET', KEYS[2], subject, facets)
  end
end
redis.call('HSET', KEYS[1], ARGV[1], offset .. ' ' .. ARGV[3])
return 1
