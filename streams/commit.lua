#!lua
-- Writes one step of the detector: its lines and its tick, whole or not at all.
--
-- KEYS[1] fence; KEYS[2] tick; KEYS[3] outbox stream.
-- ARGV[1] the fencing number of this detector; ARGV[2] tick (ms); then topic id and line, alternating.
-- Returns 1 when written, 0 when the step was written before, -1 when another detector has taken over.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return -1
end
if #ARGV > 2 and tonumber(redis.call('GET', KEYS[2]) or '-1') >= tonumber(ARGV[2]) then
  return 0
end
for at = 3, #ARGV, 2 do
  redis.call('XADD', KEYS[3], '*', 'topic', ARGV[at], 'line', ARGV[at + 1])
end
if tonumber(redis.call('GET', KEYS[2]) or '-1') < tonumber(ARGV[2]) then
  redis.call('SET', KEYS[2], ARGV[2])
end
return 1
