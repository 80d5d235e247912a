#!lua
-- Keep a topic partition's tally, unless somebody else has kept another meanwhile.
--
-- KEYS  1 tally
-- ARGV  1 tally expected ('' none)  2 tally new
-- Answer: the tally that is kept now, the new one or the other. The call may be sent twice.

local kept = redis.call('GET', KEYS[1]) or ''
if kept ~= ARGV[1] and kept ~= ARGV[2] then return kept end
redis.call('SET', KEYS[1], ARGV[2])
return ARGV[2]
