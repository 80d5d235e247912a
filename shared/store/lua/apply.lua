#!lua
-- Apply changes of several subjects of one bucket: all of them, or none where one conflicts.
--
-- KEYS  1 versions  2 summaries  3 due  4 outbox  5 failed  then one ledger per change, in the order of the changes
-- ARGV  1 number of changes, then per change:
--       subject, digest expected, digest new, number of rulebooks, day (ordinal), summary, due day ('' never),
--       outbox id ('' nothing to tell), version of the code that failed on it ('' none), number of fields, then field and value of each
-- Answer: indexes (from 1) of the changes that conflict; empty when all are applied.
--
-- A change conflicts where the ledger is neither what was expected nor what it would become, or where the summary
-- rests on more rulebooks than this one. A change that is there already is written again with the same result, so
-- the call may be sent twice; one that a later day has overtaken writes nothing.

local function stored(subject)
  local version = redis.call('HGET', KEYS[1], subject)
  if not version then return '', 0, 0 end
  local digest, rulebooks, day = string.match(version, '^(%S*) (%d+) (%d+)$')
  return digest, tonumber(rulebooks), tonumber(day)
end

local changes, conflicts, at = {}, {}, 2
for index = 1, tonumber(ARGV[1]) do
  local change = {
    subject = ARGV[at], expected = ARGV[at + 1], digest = ARGV[at + 2], rulebooks = ARGV[at + 3], day = ARGV[at + 4],
    summary = ARGV[at + 5], due = ARGV[at + 6], outbox = ARGV[at + 7], failed = ARGV[at + 8],
    fields = tonumber(ARGV[at + 9]), at = at + 10,
  }
  at = change.at + 2 * change.fields
  local digest, rulebooks, day = stored(change.subject)
  if (digest ~= change.expected and digest ~= change.digest) or rulebooks > tonumber(change.rulebooks) then
    conflicts[#conflicts + 1] = index
  end
  change.overtaken = digest == change.digest and rulebooks == tonumber(change.rulebooks) and day > tonumber(change.day)
  changes[index] = change
end
if #conflicts > 0 then return conflicts end

for index, change in ipairs(changes) do
  if not change.overtaken then
    for field = change.at, change.at + 2 * change.fields - 1, 2 do
      redis.call('HSET', KEYS[5 + index], ARGV[field], ARGV[field + 1])
    end
    redis.call('HSET', KEYS[1], change.subject, change.digest .. ' ' .. change.rulebooks .. ' ' .. change.day)
    redis.call('HSET', KEYS[2], change.subject, change.summary)
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
    if change.outbox ~= '' then redis.call('HSET', KEYS[4], change.subject, change.outbox) end
  end
end
return {}
