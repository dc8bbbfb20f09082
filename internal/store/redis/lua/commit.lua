-- Applies one change to one partition, or nothing of it.
--
-- KEYS[1] the shard's due zset: "PARTITION ID" by place (see job.lua)
-- KEYS[2] the shard's expiry zset (see doc.lua)
-- KEYS[3] the partition's jobs by id (see job.lua)
-- KEYS[4] the shard's first leases by "PARTITION ID" (see job.lua)
-- KEYS[5] the shard's version, which is there as long as what was kept is
-- The documents' and indexes' keys begin with ARGV[4] and ARGV[5]; they share
-- the shard's hash tag, and some are known only here (an index to be left).
--
-- ARGV[1] now, in Unix milliseconds
-- ARGV[2] the most items in one change
-- ARGV[3] the partition
-- ARGV[4] what the partition's document keys begin with; "KIND ID" follows
-- ARGV[5] what the partition's index keys begin with; the name follows
-- ARGV[6] how much longer than a document the expiry zset knows of it, in ms
-- then six lists, each with its length first:
--   settlements: id, token, due again (0: it is done)
--   puts: "KIND ID", revision read, expires (0: never), lifetime in ms
--         (0: for ever), the document, and a list of index names and scores
--   checks: "KIND ID", revision
--   deletes: "KIND ID", revision
--   cancels: id
--   jobs: id, place in the due zset, "KIND BODY"
--
-- returns 0 when it was applied, 1 when something read has changed, 2 when a
-- lease is not held any more, 3 when there are too many items, 4 when what was
-- kept is gone

if redis.call('EXISTS', KEYS[5]) == 0 then return 4 end
local now = tonumber(ARGV[1])
local partition, documents, indexes = ARGV[3], ARGV[4], ARGV[5]
local due, expiries, jobs, leases = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local allowed = tonumber(ARGV[2])
local at = 6

local function take()
  at = at + 1
  return ARGV[at]
end

local function length()
  local n = tonumber(take())
  allowed = allowed - n
  return n
end

-- First everything is compared; nothing is written before all of it fits.

local settles = {}
for i = 1, length() do
  local id, token, again = take(), take(), take()
  local found = lease(jobs, id, token, redis.call('HGET', leases, partition .. ' ' .. id))
  if not found then return 2 end
  settles[i] = { id, again, found }
end

local function stale(member, rev)
  local head = words(documents .. member)
  if head and not expired(head, now) then return head[1] ~= rev, head end
  return rev ~= '0', head
end

local puts = {}
for i = 1, length() do
  local put = { member = take(), rev = take(), expires = take(), ttl = tonumber(take()), value = take(), listed = {} }
  for n = 1, 2 * tonumber(take()) do put.listed[n] = take() end
  local changed
  changed, put.before = stale(put.member, put.rev)
  if changed then return 1 end
  puts[i] = put
end

for _ = 1, length() do
  local member, rev = take(), take()
  if stale(member, rev) then return 1 end
end

local deletes = {}
for i = 1, length() do
  local member, rev = take(), take()
  local changed, before = stale(member, rev)
  if changed then return 1 end
  deletes[i] = { member, before }
end

local cancels = {}
for i = 1, length() do cancels[i] = take() end

local fresh = {}
for i = 1, length() do fresh[i] = { take(), take(), take() } end

if allowed < 0 then return 3 end

-- From here on it is written.

for _, put in ipairs(puts) do
  local stands, shelved = {}, false -- what need not be written again
  if put.before then stands, shelved = keep(expiries, indexes, partition, put.member, put.before, put.expires, put.listed, now) end
  if put.ttl == 0 then
    redis.call('SET', documents .. put.member, put.value)
  else
    redis.call('SET', documents .. put.member, put.value, 'PX', put.ttl)
    if not shelved then
      local names = { partition, put.member }
      for n = 1, #put.listed, 2 do names[#names + 1] = put.listed[n] end
      add(expiries, put.expires, table.concat(names, ' '), put.ttl + tonumber(ARGV[6]))
    end
  end
  for n = 1, #put.listed, 2 do
    if stands[put.listed[n]] ~= put.listed[n + 1] then
      add(indexes .. put.listed[n], put.listed[n + 1], put.member, put.ttl)
    end
  end
end

for _, gone in ipairs(deletes) do
  forget(expiries, indexes, partition, gone[1], gone[2])
  redis.call('DEL', documents .. gone[1])
end

local leaving = {}
for _, s in ipairs(settles) do
  settle(due, leases, jobs, partition, s[1], s[2], s[3], leaving)
end
leave(due, leases, leaving) -- before the jobs: one may be put under the same id

if #cancels > 0 then
  local members = {}
  for i, id in ipairs(cancels) do members[i] = partition .. ' ' .. id end
  many('HDEL', jobs, cancels)
  many('HDEL', leases, members)
  many('ZREM', due, members)
end

if #fresh > 0 then
  local ids, members = {}, {}
  for i, j in ipairs(fresh) do
    ids[i], members[i] = j[1], partition .. ' ' .. j[1]
  end
  local records, firsts = many('HMGET', jobs, ids), many('HMGET', leases, members)
  local put, placed, over = {}, {}, {}
  for i, j in ipairs(fresh) do
    local place, rest, record, replaced = j[2], j[3], records[i], ''
    if record and string.sub(record, 1, 1) == '=' then
      if firsts[i] then
        replaced = string.match(firsts[i], ' (%S+)$')
        over[#over + 1] = members[i]
      end
    elseif record then
      local attempt, held, earlier = string.match(record, '^%S+ (%S+) (%S*) (%S*) ')
      replaced = held
      if held == '' then replaced = earlier end
      if replaced == '' and attempt ~= '0' then replaced = '-' end
    end
    put[2 * i - 1] = ids[i]
    if replaced == '' then
      put[2 * i] = '=' .. rest
    else
      put[2 * i] = moment(place) .. ' 0  ' .. replaced .. ' ' .. rest
    end
    placed[2 * i - 1], placed[2 * i] = place, members[i]
  end
  many('HSET', jobs, put)
  many('ZADD', due, placed)
  if #over > 0 then many('HDEL', leases, over) end
end

return 0
