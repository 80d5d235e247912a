#!lua
-- Count a bucket's summaries that rest on fewer rulebooks than are published. Nothing is written.
--
-- KEYS  1 heads
-- ARGV  1 number of rulebooks
-- Answer: how many.

local number, found = tonumber(ARGV[1]), 0
for _, head in ipairs(redis.call('HVALS', KEYS[1])) do
  if tonumber(string.match(head, '^%S* (%d+) ')) < number then found = found + 1 end
end
return found
