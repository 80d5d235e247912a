#!lua
-- Claim partitions for a writer in one part of the directory: from now on every other writer's calls are refused.
--
-- KEYS  1 marks
-- ARGV  per partition: its number, stamp new, offset where it has no mark yet
-- Answer: the partitions' offsets, in their order. The call may be sent twice.

local offsets = {}
for at = 1, #ARGV, 3 do
  local mark = redis.call('HGET', KEYS[1], ARGV[at])
  local offset = mark and string.match(mark, '^%d+') or ARGV[at + 2]
  redis.call('HSET', KEYS[1], ARGV[at], offset .. ' ' .. ARGV[at + 1])
  offsets[#offsets + 1] = tonumber(offset)
end
return offsets
