#!lua
-- One operator's act, if the triage is still the one it was decided on; the audit log says so in the same write.
-- KEYS: triage, changes, audit, trail   ARGV: topic, expected triage, new triage, event, changes kept, ttl
local stored = redis.call('HGET', KEYS[1], ARGV[1]) or ''
if stored ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[5], '*', 't', ARGV[1])
redis.call('XADD', KEYS[3], '*', 'e', ARGV[4])
redis.call('XADD', KEYS[4], '*', 'e', ARGV[4])
redis.call('EXPIRE', KEYS[1], ARGV[6])
redis.call('EXPIRE', KEYS[2], ARGV[6])
return 1
