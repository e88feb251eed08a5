#!lua
-- One operator's act, if the triage is still the one it was decided on; the audit log says so in the same write.
-- KEYS: triage, changes, audit, trail, topics, mutes, splits, trail of the other topic that it concerns (else the same)
-- ARGV: topic, expected triage, new triage, changes kept, ttl, topic merged into, whether it settles the topic's mute,
--       id of that mute, the mute, id of a split, the split, event...
-- Returns 1 when written, 0 when the triage is another one, -1 when the topic merged into is none, or part of this one.
local topic, into = ARGV[1], ARGV[6]
if (redis.call('HGET', KEYS[1], topic) or '') ~= ARGV[2] then return 0 end
if into ~= '' and redis.call('HEXISTS', KEYS[5], into) == 0 then return -1 end
local at = into
while at ~= '' do
  if at == topic then return -1 end
  local packed = redis.call('HGET', KEYS[1], at)
  at = packed and cmsgpack.unpack(packed)['into'] or ''
end
redis.call('HSET', KEYS[1], topic, ARGV[3])
if ARGV[7] == '1' then redis.call('HDEL', KEYS[6], ARGV[8]) end
if ARGV[9] ~= '' then
  redis.call('HSET', KEYS[6], ARGV[8], ARGV[9])
  redis.call('EXPIRE', KEYS[6], ARGV[5])
end
if ARGV[10] ~= '' then
  redis.call('HSET', KEYS[7], ARGV[10], ARGV[11])
  redis.call('EXPIRE', KEYS[7], ARGV[5])
end
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[4], '*', 't', topic)
for number = 12, #ARGV do
  redis.call('XADD', KEYS[3], '*', 'e', ARGV[number])
  redis.call('XADD', KEYS[4], '*', 'e', ARGV[number])
  if KEYS[8] ~= KEYS[4] then redis.call('XADD', KEYS[8], '*', 'e', ARGV[number]) end
end
redis.call('EXPIRE', KEYS[1], ARGV[5])
redis.call('EXPIRE', KEYS[2], ARGV[5])
return 1
