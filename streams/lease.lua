#!lua
-- Takes or renews the detector's lease.
--
-- KEYS[1] lease; KEYS[2] fence. ARGV[1] owner; ARGV[2] length (ms).
-- Returns the fencing number while the lease is the owner's, 0 while it is another's. The number grows with
-- every change of owner, so that a detector that slept through its lease can no longer write.
local holder = redis.call('GET', KEYS[1])
if holder == ARGV[1] then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  return tonumber(redis.call('GET', KEYS[2]) or '0')
end
if holder then
  return 0
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return redis.call('INCR', KEYS[2])
