#!lua
-- Changes the outbox: notes what became of entries, and puts new ones in; whole or not at all.
--
-- KEYS[1] fence; [2] outbox; [3] sent; [4] raised; [5] where a topic's thread begins, if that is to be noted.
-- ARGV[1] fencing number; [2] now (ms); then a count and ids that must be in the outbox; a count and ids to remove;
-- a count and ids that were delivered; a count and (id, entry) to replace; a count and (id, entry) that are new;
-- a count and records for alerts.raised; with KEYS[5] the place, and how long to keep it (ms).
-- Returns 1; 0 when one that must be there is not, and nothing is changed; -1 when another process has taken over.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return -1
end
local at = 3
local function each(width, act)
  local count = tonumber(ARGV[at])
  for place = at + 1, at + width * count, width do
    act(ARGV[place], ARGV[place + 1])
  end
  at = at + width * count + 1
end
local missing = false
each(1, function(id) missing = missing or redis.call('HEXISTS', KEYS[2], id) == 0 end)
if missing then
  return 0
end
each(1, function(id) redis.call('HDEL', KEYS[2], id) end)
each(1, function(id) redis.call('ZADD', KEYS[3], ARGV[2], id) end)
each(2, function(id, entry) redis.call('HSET', KEYS[2], id, entry) end)
each(2, function(id, entry)
  if not redis.call('ZSCORE', KEYS[3], id) then
    redis.call('HSETNX', KEYS[2], id, entry)
  end
end)
each(1, function(record) redis.call('XADD', KEYS[4], '*', 'record', record) end)
if KEYS[5] then
  redis.call('SET', KEYS[5], ARGV[at], 'PX', ARGV[at + 1])
end
return 1
