#!lua
-- Writes one batch of one partition, whole or not at all.
--
-- KEYS[1] head hash; KEYS[2..] the other keys, one an operation.
-- ARGV[1] the `next` the writer believes stored; ARGV[2] seconds to live of all keys but the head;
-- then for each key from KEYS[1] on: operation, number of arguments, arguments.
--   H field value ...   HSET        A bytes         APPEND
--   X id blob           XADD        D               UNLINK
-- Returns 1, or the stored `next` (a string; "" when there is none) and then nothing was written.
--
-- Nothing below can fail half way: keys of a partition have one writer and one type each, and a server
-- out of memory refuses the whole script before its first command (no allow-oom flag).
local stored = redis.call('HGET', KEYS[1], 'next')
if stored ~= ARGV[1] then
  return stored or ''
end
local at = 3
for i = 1, #KEYS do
  local operation, count = ARGV[at], tonumber(ARGV[at + 1])
  local first, last = at + 2, at + 1 + count
  if operation == 'H' then
    for chunk = first, last, 4000 do  -- Lua can unpack 8000 values at most
      redis.call('HSET', KEYS[i], unpack(ARGV, chunk, math.min(chunk + 3999, last)))
    end
  elseif operation == 'A' then
    redis.call('APPEND', KEYS[i], ARGV[first])
  elseif operation == 'X' then
    redis.call('XADD', KEYS[i], ARGV[first], 'd', ARGV[last])
  else
    redis.call('UNLINK', KEYS[i])
  end
  if i > 1 and operation ~= 'D' then
    redis.call('EXPIRE', KEYS[i], ARGV[2])
  end
  at = last + 1
end
return 1
