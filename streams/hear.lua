#!lua
-- Notes from which tick on the detector judges under which mutes, before it does.
-- KEYS: fence, muted   ARGV: the fencing number of this detector, the note, notes kept, ttl
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return -1 end
redis.call('RPUSH', KEYS[2], ARGV[2])
redis.call('LTRIM', KEYS[2], -tonumber(ARGV[3]), -1)
redis.call('EXPIRE', KEYS[2], ARGV[4])
return 1
