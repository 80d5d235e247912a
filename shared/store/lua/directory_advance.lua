#!lua
-- Write partitions' new offsets in one part of the directory, after the effects of all records before them.
--
-- KEYS  1 marks
-- ARGV  per partition: its number, stamp expected, stamp new, offset
-- Answer: 1, or 0 where one has another stamp (nothing is written then). The call may be sent twice.

for at = 1, #ARGV, 4 do
  local mark = redis.call('HGET', KEYS[1], ARGV[at])
  local stamp = mark and string.match(mark, ' (%S+)$')
  if stamp ~= ARGV[at + 1] and stamp ~= ARGV[at + 2] then return 0 end
end
for at = 1, #ARGV, 4 do redis.call('HSET', KEYS[1], ARGV[at], ARGV[at + 3] .. ' ' .. ARGV[at + 2]) end
return 1
