#!lua
-- Apply changes of several subjects of one bucket: all of them, or none where one conflicts.
--
-- KEYS  1 stamp  2 heads  3 due  4 outbox  5 failed, then one ledger per change, in their order
-- ARGV  1 stamp expected  2 stamp new  3 number of changes, then per change:
--       subject, digest expected, digest new, number of rulebooks, day (ordinal), summary, due day ('' never),
--       1 where it must go out (else ''), version of the code that failed on it ('' none), number of fields, then field
--       and value of each
-- Answer: indexes (from 1) of the changes that conflict; empty when all are applied; {0} where the bucket has another
-- stamp.
--
-- A change conflicts where the ledger is neither what was expected nor what it would become, or where the summary
-- rests on more rulebooks than this one. A change that is there already is written again with the same result, so
-- the call may be sent twice.

local stamp = redis.call('GET', KEYS[1])
if stamp ~= ARGV[1] and stamp ~= ARGV[2] then return {0} end

local function stored(subject)
  local head = redis.call('HGET', KEYS[2], subject)
  if not head then return '', 0 end
  local digest, rulebooks = string.match(head, '^(%S*) (%d+) ')
  return digest, tonumber(rulebooks)
end

local changes, conflicts, at = {}, {}, 4
for index = 1, tonumber(ARGV[3]) do
  local change = {
    subject = ARGV[at], expected = ARGV[at + 1], digest = ARGV[at + 2], rulebooks = ARGV[at + 3], day = ARGV[at + 4],
    summary = ARGV[at + 5], due = ARGV[at + 6], out = ARGV[at + 7], failed = ARGV[at + 8],
    fields = tonumber(ARGV[at + 9]), at = at + 10,
  }
  at = change.at + 2 * change.fields
  local digest, rulebooks = stored(change.subject)
  if (digest ~= change.expected and digest ~= change.digest) or rulebooks > tonumber(change.rulebooks) then
    conflicts[#conflicts + 1] = index
  end
  changes[index] = change
end
if #conflicts > 0 then return conflicts end

for index, change in ipairs(changes) do
  for field = change.at, change.at + 2 * change.fields - 1, 2 do
    redis.call('HSET', KEYS[5 + index], ARGV[field], ARGV[field + 1])
  end
  local version = change.digest .. ' ' .. change.rulebooks .. ' ' .. change.day
  redis.call('HSET', KEYS[2], change.subject, version .. ' ' .. change.summary)
  if change.due == '' then
    redis.call('ZREM', KEYS[3], change.subject)
  else
    redis.call('ZADD', KEYS[3], change.due, change.subject)
  end
  if change.failed == '' then
    redis.call('HDEL', KEYS[5], change.subject)
  else
    redis.call('HSET', KEYS[5], change.subject, change.failed)
  end
  if change.out ~= '' then redis.call('HSET', KEYS[4], change.subject, ARGV[2]) end
end
redis.call('SET', KEYS[1], ARGV[2])
return {}
