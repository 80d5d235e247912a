-- Say anew what is to be sent, where it is still to be.
--
-- KEYS  1 deliveries of a bucket
-- ARGV  1 delivery, 2 what is kept of it
-- Answer: 1, or 0 where another came in its place.

if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 1
