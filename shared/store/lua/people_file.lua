#!lua
-- File versions of inspectors' entries, outcomes of inspections and withdrawals, with the positions that they lead to;
-- or until when all that the log held of partitions is filed.
--
-- KEYS  1 positions  2 inspectors  3 ids of inspectors  4 outcomes  5 withdrawn  6 applied
-- ARGV  1 number of topic partitions, then of each: its field, the offset that is filed, the offset that will be;
--       then per effect: 'inspector', 'outcome', 'withdrawn' or 'applied', field, when it was recorded, its text
-- Answer: 1, or 0 where less is filed of a partition than the call says (nothing is written then).
-- The call may be sent twice, and late: all that it does, it does once.

local moves = tonumber(ARGV[1])
local at = 2
for _ = 1, moves do
  if tonumber(redis.call('HGET', KEYS[1], ARGV[at]) or 0) < tonumber(ARGV[at + 1]) then return 0 end
  at = at + 3
end

-- The lines of a field, each '<when it was recorded> <text>': a text stands once, with the earliest time.
local function keep(key, field, recorded, text)
  local lines = {}
  for line in string.gmatch(redis.call('HGET', key, field) or '', '[^\n]+') do
    local before, there = string.match(line, '^(%d+) (.*)$')
    if there ~= text then
      lines[#lines + 1] = line
    elseif tonumber(before) < tonumber(recorded) then
      recorded = before
    end
  end
  lines[#lines + 1] = recorded .. ' ' .. text
  table.sort(lines)
  redis.call('HSET', key, field, table.concat(lines, '\n'))
end

for effect = at, #ARGV, 4 do
  local what, field = ARGV[effect], ARGV[effect + 1]
  if what == 'inspector' then
    redis.call('ZADD', KEYS[3], 0, field)
    keep(KEYS[2], field, ARGV[effect + 2], ARGV[effect + 3])
  elseif what == 'outcome' then
    keep(KEYS[4], field, ARGV[effect + 2], ARGV[effect + 3])
  elseif what == 'withdrawn' then
    redis.call('SADD', KEYS[5], field)
  else
    redis.call('HSET', KEYS[6], field, ARGV[effect + 3])
  end
end

for move = 2, at - 1, 3 do
  if tonumber(redis.call('HGET', KEYS[1], ARGV[move]) or 0) < tonumber(ARGV[move + 2]) then
    redis.call('HSET', KEYS[1], ARGV[move], ARGV[move + 2])
  end
end
return 1
