-- Remember what subjects are by now, with the deliveries that follow, in one step.
--
-- KEYS  1 told, 2 deliveries (of one bucket)
-- ARGV  1 number of subjects, then of each: id, offset, what is remembered,
--       how many deliveries are no longer to be sent, their ids,
--       how many are to be sent, of each its id and what is kept of it
-- Answer: of each subject 1, or 0 where it was told of this record, or of a later one, before: nothing was done then.

local answer = {}
local at = 2
for _ = 1, tonumber(ARGV[1]) do
  local name, offset, text = ARGV[at], tonumber(ARGV[at + 1]), ARGV[at + 2]
  at = at + 3
  local known = redis.call('HGET', KEYS[1], name)
  local new = not known or tonumber(string.match(known, '^%d+')) < offset
  if new then redis.call('HSET', KEYS[1], name, text) end
  local gone = tonumber(ARGV[at])
  for index = 1, gone do
    if new then redis.call('HDEL', KEYS[2], ARGV[at + index]) end
  end
  at = at + gone + 1
  local number = tonumber(ARGV[at])
  for index = 1, number do
    if new then redis.call('HSET', KEYS[2], ARGV[at + 2 * index - 1], ARGV[at + 2 * index]) end
  end
  at = at + 2 * number + 1
  answer[#answer + 1] = new and 1 or 0
end
return answer
