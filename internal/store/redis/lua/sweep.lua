-- Removes documents of one shard that have expired.
--
-- KEYS[1] the shard's expiry zset: "PARTITION KIND ID NAME NAME ..." (see doc.lua)
-- The documents' and indexes' keys begin with ARGV[1] and ARGV[2].
--
-- ARGV[1] what the shard's document keys begin with; "PARTITION KIND ID" follows
-- ARGV[2] what the shard's index keys begin with; "PARTITION NAME" follows
-- ARGV[3] now, in Unix milliseconds
-- ARGV[4] the most entries to look at
--
-- returns how many entries it looked at, and how many documents are gone

local now = tonumber(ARGV[3])
local shelves = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[3], 'LIMIT', 0, ARGV[4])
local gone = 0
for _, entry in ipairs(shelves) do
  local partition, member, names = string.match(entry, '^(%S+) (%S+ %S+)(.*)$')
  local key = ARGV[1] .. partition .. ' ' .. member
  local indexes = ARGV[2] .. partition .. ' '
  local head = words(key)
  local alive = head and not expired(head, now)
  local listed = {}
  if alive then
    -- Created anew after the server had let the old one go: only what the old
    -- one left behind is tidied.
    for i = 4, #head, 2 do listed[head[i]] = true end
  else
    if head then forget(KEYS[1], indexes, partition, member, head) end
    redis.call('DEL', key)
    gone = gone + 1
  end
  for name in string.gmatch(names, '%S+') do
    if not listed[name] then redis.call('ZREM', indexes .. name, member) end
  end
  redis.call('ZREM', KEYS[1], entry)
end
return { #shelves, gone }
