#!lua
-- Writes one step: stories, digests, new alerts and the place in topics.detected; whole or not at all.
--
-- KEYS[1] fence; [2] next; [3] stories; [4] digests; [5] outbox; [6] sent; [7] sources.
-- ARGV[1] fencing number; [2] expected next, "" for none; [3] new next; [4] oldest sent id to keep (ms);
-- then a count and (topic, story or "" to forget) pairs; a count and (channel, ms); a count and (id, entry);
-- whether the sources changed (1 or 0), a count and (source, ms).
-- Returns 1 when written or written before, -1 when another process has taken over, -2 when the place is another.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return -1
end
local stored = redis.call('GET', KEYS[2]) or ''
if stored ~= ARGV[2] then
  return stored == ARGV[3] and 1 or -2
end
local at = 5
local function pairs_of(write)
  local count = tonumber(ARGV[at])
  for place = at + 1, at + 2 * count, 2 do
    write(ARGV[place], ARGV[place + 1])
  end
  at = at + 2 * count + 1
end
pairs_of(function(topic, story)
  if story == '' then
    redis.call('HDEL', KEYS[3], topic)
  else
    redis.call('HSET', KEYS[3], topic, story)
  end
end)
pairs_of(function(channel, ms) redis.call('HSET', KEYS[4], channel, ms) end)
pairs_of(function(id, entry)
  if not redis.call('ZSCORE', KEYS[6], id) then
    redis.call('HSETNX', KEYS[5], id, entry)
  end
end)
if ARGV[at] == '1' then
  redis.call('DEL', KEYS[7])
end
at = at + 1
pairs_of(function(source, ms) redis.call('HSET', KEYS[7], source, ms) end)
redis.call('ZREMRANGEBYSCORE', KEYS[6], '-inf', '(' .. ARGV[4])
redis.call('SET', KEYS[2], ARGV[3])
return 1
