#!lua
-- Topics of one batch of lines, whole or not at all, and only by whoever read from the stored place on.
-- KEYS: next, topics, triage, changes   ARGV: expected next, new next, ttl, changes kept, puts, (topic, entry)..., gone...
local stored = redis.call('GET', KEYS[1]) or '-1'
if stored ~= ARGV[1] then return 0 end
local puts = tonumber(ARGV[5])
local at = 6
for _ = 1, puts do
  redis.call('HSET', KEYS[2], ARGV[at], ARGV[at + 1])
  redis.call('XADD', KEYS[4], 'MAXLEN', '~', ARGV[4], '*', 't', ARGV[at])
  at = at + 2
end
while ARGV[at] do
  redis.call('HDEL', KEYS[2], ARGV[at])
  redis.call('HDEL', KEYS[3], ARGV[at])
  redis.call('XADD', KEYS[4], 'MAXLEN', '~', ARGV[4], '*', 't', ARGV[at])
  at = at + 1
end
redis.call('SET', KEYS[1], ARGV[2])
for number = 1, 4 do redis.call('EXPIRE', KEYS[number], ARGV[3]) end
return 1
