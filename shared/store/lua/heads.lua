#!lua flags=no-writes
-- Read subjects without their facts, and how far their buckets are applied, all at one instant.
--
-- KEYS  of each bucket: heads, progress; then strings to be read beside them
-- ARGV  1 number of buckets, then of each: how many subjects, their ids
-- Answer: of each bucket what is kept of the subjects, and its progress; then the strings.

local answer = {}
local at = 2
local buckets = tonumber(ARGV[1])
for bucket = 0, buckets - 1 do
  local number = tonumber(ARGV[at])
  answer[2 * bucket + 1] = redis.call('HMGET', KEYS[2 * bucket + 1], unpack(ARGV, at + 1, at + number))
  answer[2 * bucket + 2] = redis.call('GET', KEYS[2 * bucket + 2])
  at = at + number + 1
end
for index = 2 * buckets + 1, #KEYS do
  answer[index] = redis.call('GET', KEYS[index])
end
return answer
