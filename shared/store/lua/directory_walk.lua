#!lua flags=no-writes
-- Find subjects of a county that have all of some facets, by id. Nothing is written.
--
-- KEYS  1 entries
-- ARGV  1 '[' or '(': from an id on, or after it  2 that id, or how ids begin  3 how ids begin ('' any)  4 most to find
--       5 most entries to look at, then the facets, one or more
-- Answer: the ids, and the id after which to go on where too many were looked at ('' where the walk has ended).
--
-- It walks the facet with the fewest entries and looks each of them up under the others.

local sign, from, beginning, most, left = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])

local facet, fewest
for at = 6, #ARGV do
  local low, high = sign .. ARGV[at] .. ' ' .. from, '(' .. ARGV[at] .. ' ' .. beginning .. '\255'
  local count = redis.call('ZLEXCOUNT', KEYS[1], low, high)
  if not fewest or count < fewest then facet, fewest = ARGV[at], count end
end

local found = {}
if fewest == 0 then return {found, ''} end
local low, high = sign .. facet .. ' ' .. from, '(' .. facet .. ' ' .. beginning .. '\255'
local id
while left > 0 do
  local entries = redis.call('ZRANGEBYLEX', KEYS[1], low, high, 'LIMIT', 0, math.min(left, 256))
  if #entries == 0 then return {found, ''} end
  left = left - #entries
  low = '(' .. entries[#entries]
  local ids = {}
  for at, entry in ipairs(entries) do ids[at] = string.sub(entry, #facet + 2) end
  id = ids[#ids]
  for at = 6, #ARGV do
    if ARGV[at] ~= facet and #ids > 0 then
      local others, kept = {}, {}
      for place, each in ipairs(ids) do others[place] = ARGV[at] .. ' ' .. each end
      for place, score in ipairs(redis.call('ZMSCORE', KEYS[1], unpack(others))) do
        if score then kept[#kept + 1] = ids[place] end
      end
      ids = kept
    end
  end
  for _, each in ipairs(ids) do
    found[#found + 1] = each
    if #found == most then return {found, ''} end
  end
end
return {found, id}
