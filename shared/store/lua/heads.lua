#!lua flags=no-writes
-- Read subjects without their facts, and how far their buckets are applied, all at one instant.
--
-- KEYS  of each bucket: versions, summaries, positions, rebuilding; then strings to be read beside them
-- ARGV  1 number of buckets, then of each: how many subjects, their ids
-- Answer: of each bucket the four fields or hashes as Redis gives them; then the strings.

local answer = {}
local at = 2
local buckets = tonumber(ARGV[1])
for bucket = 0, buckets - 1 do
  local names = {}
  local number = tonumber(ARGV[at])
  for index = 1, number do names[index] = ARGV[at + index] end
  at = at + number + 1
  local first = 4 * bucket
  answer[#answer + 1] = redis.call('HMGET', KEYS[first + 1], unpack(names))
  answer[#answer + 1] = redis.call('HMGET', KEYS[first + 2], unpack(names))
  answer[#answer + 1] = redis.call('HGETALL', KEYS[first + 3])
  answer[#answer + 1] = redis.call('HGETALL', KEYS[first + 4])
end
for index = 4 * buckets + 1, #KEYS do
  answer[#answer + 1] = redis.call('GET', KEYS[index])
end
return answer
