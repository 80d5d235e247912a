#!lua flags=no-writes
-- Find when the oldest write that has yet to go out was made. Nothing is written.
--
-- KEYS  1 outbox
-- Answer: its time in milliseconds, out of its stamp; 0 where there is none.

local since = 0
for _, stamp in ipairs(redis.call('HVALS', KEYS[1])) do
  local made = tonumber(string.match(stamp, '^%x+%-%d+%-(%d+)$'))
  if made and (since == 0 or made < since) then since = made end
end
return since
