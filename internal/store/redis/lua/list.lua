-- Reads part of an index, documents included. It looks at a limited number of
-- entries and bytes, and says where it stopped.
--
-- KEYS[1] the index's zset: "KIND ID" by score
-- KEYS[2] the shard's version, which is there as long as what was kept is
-- The documents' keys begin with ARGV[1] (see doc.lua).
--
-- ARGV[1] what the partition's document keys begin with; "KIND ID" follows
-- ARGV[2] now, in Unix milliseconds
-- ARGV[3], ARGV[4] the lowest and the highest score, both included
-- ARGV[5] the most documents to give
-- ARGV[6] '1' from the highest to the lowest
-- ARGV[7], ARGV[8] score and member to continue behind; the member '' from the start
-- ARGV[9], ARGV[10] the most entries and bytes to look at
--
-- returns a flat list: the score and the member where it stopped ('' at the
-- end), then two for each document: "KIND ID" and the document; an empty list when
-- what was kept is gone

if redis.call('EXISTS', KEYS[2]) == 0 then return {} end
local index, now = KEYS[1], tonumber(ARGV[2])
local wanted, backwards = tonumber(ARGV[5]), ARGV[6] == '1'
local entries, bytes = tonumber(ARGV[9]), tonumber(ARGV[10])

-- The server's own order of members is by bytes; Lua's < may follow a locale.
local function before(a, b)
  for i = 1, math.min(#a, #b) do
    local x, y = string.byte(a, i), string.byte(b, i)
    if x ~= y then return x < y end
  end
  return #a < #b
end

-- place is the rank of the first entry at or behind a score and member.
local function place(score, member)
  local low, high = 0, redis.call('ZCARD', index)
  while low < high do
    local middle = math.floor((low + high) / 2)
    local entry = redis.call('ZRANGE', index, middle, middle, 'WITHSCORES')
    local there = tonumber(entry[2])
    if there < score or (there == score and before(entry[1], member)) then
      low = middle + 1
    else
      high = middle
    end
  end
  return low
end

local first = redis.call('ZCOUNT', index, '-inf', '(' .. ARGV[3])
local last = redis.call('ZCOUNT', index, '-inf', ARGV[4]) - 1
if ARGV[8] ~= '' then
  local from = place(tonumber(ARGV[7]), ARGV[8])
  if backwards then
    last = math.min(last, from - 1)
  else
    local there = redis.call('ZRANGE', index, from, from, 'WITHSCORES')
    if there[1] == ARGV[8] and tonumber(there[2]) == tonumber(ARGV[7]) then from = from + 1 end
    first = math.max(first, from)
  end
end

local page = { '', '' }
local step = 100
while first <= last do
  local low, high = first, math.min(last, first + step - 1)
  if backwards then low, high = math.max(first, last - step + 1), last end
  local members = redis.call('ZRANGE', index, low, high)
  for i = 1, #members do
    local member = members[i]
    if backwards then member = members[#members + 1 - i] end
    local head = words(ARGV[1] .. member)
    if head and not expired(head, now) then
      local value = redis.call('GET', ARGV[1] .. member)
      page[#page + 1] = member
      page[#page + 1] = value
      bytes = bytes - #value
    end
    entries = entries - 1
    if #page == 2 + 2 * wanted then return page end
    if entries <= 0 or bytes <= 0 then
      page[1], page[2] = redis.call('ZSCORE', index, member), member
      return page
    end
  end
  if backwards then last = low - 1 else first = high + 1 end
end
return page
