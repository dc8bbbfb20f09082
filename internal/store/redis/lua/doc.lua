-- Put in front of the scripts that need it: how a document is kept.
--
-- A document is a string: "REV EXPIRES COUNT NAME SCORE NAME SCORE ...\n" and
-- the body. EXPIRES is in Unix milliseconds, 0 for never. The first line is
-- shorter than 4096 bytes.

-- words reads a document's first line without its body: nil when there is none.
local function words(key)
  local s = redis.call('GETRANGE', key, 0, 4095)
  if s == '' then return nil end
  local found = {}
  for word in string.gmatch(string.match(s, '^[^\n]*'), '%S+') do
    found[#found + 1] = word
  end
  return found
end

local function expired(head, now)
  return head[2] ~= '0' and tonumber(head[2]) <= now
end

-- shelf is the member of the expiry zset: "PARTITION KIND ID NAME NAME ...". It
-- names the indexes, so that they can be tidied when the server has already
-- let the document go.
local function shelf(partition, member, head)
  local parts = { partition, member }
  for i = 4, #head, 2 do parts[#parts + 1] = head[i] end
  return table.concat(parts, ' ')
end

-- forget removes a document from its indexes and from the expiry zset.
local function forget(expiries, indexes, partition, member, head)
  for i = 4, #head, 2 do
    redis.call('ZREM', indexes .. head[i], member)
  end
  if head[2] ~= '0' then
    redis.call('ZREM', expiries, shelf(partition, member, head))
  end
end

-- keep is forget for a document that is written again, and says what can stay as it
-- is: the score of each index entry that does not change, and whether the expiry zset's
-- member does not. Only what goes at the same moment as before stays untouched, since
-- its zset lives as long.
local function keep(expiries, indexes, partition, member, head, expires, listed, now)
  local stands = {}
  if head[2] ~= expires or expired(head, now) then
    forget(expiries, indexes, partition, member, head)
    return stands, false
  end
  local scores, same = {}, #listed == #head - 3
  for n = 1, #listed, 2 do
    scores[listed[n]] = listed[n + 1]
    same = same and listed[n] == head[n + 3]
  end
  for i = 4, #head, 2 do
    if scores[head[i]] == head[i + 1] then
      stands[head[i]] = head[i + 1]
    elseif not scores[head[i]] then
      redis.call('ZREM', indexes .. head[i], member)
    end
  end
  if not same and expires ~= '0' then
    redis.call('ZREM', expiries, shelf(partition, member, head))
  end
  return stands, same
end

-- add puts a member into a zset that goes by itself when all its members have
-- gone by themselves. ttl is in milliseconds, 0 for a member that stays.
local function add(key, score, member, ttl)
  if ttl == 0 then
    redis.call('ZADD', key, score, member)
    redis.call('PERSIST', key)
    return
  end
  local left = redis.call('PTTL', key) -- -2: no such zset, -1: it stays
  redis.call('ZADD', key, score, member)
  if left == -2 or (left >= 0 and left < ttl) then
    redis.call('PEXPIRE', key, ttl)
  end
end
