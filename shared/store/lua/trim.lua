#!lua
-- Take out of a bucket's outbox what has gone out, unless something newer took its place meanwhile.
--
-- KEYS  1 outbox
-- ARGV  per subject: subject, stamp of the write that had put it in
-- Answer: how many were taken out. The call may be sent twice.

local taken = 0
for at = 1, #ARGV, 2 do
  if redis.call('HGET', KEYS[1], ARGV[at]) == ARGV[at + 1] then
    taken = taken + redis.call('HDEL', KEYS[1], ARGV[at])
  end
end
return taken
