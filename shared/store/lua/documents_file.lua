#!lua
-- File where chunks of documents lie on the log, with the position up to which the log is read then.
--
-- KEYS  1 documents
-- ARGV  1 the position that is filed  2 the position that will be, then per chunk: document, start, end, size, offset
-- Answer: 1, or 0 where less of the log is filed than the call says (nothing is written then).
-- The call may be sent twice, and late: of chunks with one start the first stays, and the position never goes back.

local filed = tonumber(redis.call('HGET', KEYS[1], 'position') or 0)
if filed < tonumber(ARGV[1]) then return 0 end
for at = 3, #ARGV, 5 do
  local lines = redis.call('HGET', KEYS[1], ARGV[at]) or ''
  if not string.find('\n' .. lines, '\n' .. ARGV[at + 1] .. ' ', 1, true) then
    redis.call('HSET', KEYS[1], ARGV[at], lines .. table.concat(ARGV, ' ', at + 1, at + 4) .. '\n')
  end
end
if filed < tonumber(ARGV[2]) then redis.call('HSET', KEYS[1], 'position', ARGV[2]) end
return 1
