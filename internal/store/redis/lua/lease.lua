-- Hands out jobs of one shard that are due, urgent ones first, and of a rank the
-- oldest first.
--
-- KEYS[1] the shard's due zset: "PARTITION ID" by place (see job.lua)
-- KEYS[2] the shard's first leases by "PARTITION ID" (see job.lua)
-- The partitions' jobs hashes begin with ARGV[1] (see job.lua).
--
-- ARGV[1] what the jobs' keys begin with; the partition follows
-- ARGV[2] now, in Unix milliseconds
-- ARGV[3] when the lease ends, in Unix milliseconds
-- ARGV[4] the most jobs to hand out
-- ARGV[5] a text no other call has; the tokens begin with it
-- ARGV[6] '1' for urgent jobs alone
--
-- returns a flat list, three for each job: "PARTITION ID", its record as in
-- job.lua, and '1' when it is urgent

local found = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', placed(ARGV[2], '1'), 'WITHSCORES', 'LIMIT', 0, ARGV[4])
local more = tonumber(ARGV[4]) - #found / 2
if ARGV[6] ~= '1' and more > 0 then
  for _, v in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], 0, ARGV[2], 'WITHSCORES', 'LIMIT', 0, more)) do
    found[#found + 1] = v
  end
end
if #found == 0 then return found end
local members = {}
for i = 1, #found, 2 do members[#members + 1] = found[i] end
local held = redis.call('HMGET', KEYS[2], unpack(members))
local leased, ends, first, over = {}, {}, {}, {}
for i, member in ipairs(members) do
  local token = ARGV[5] .. i
  local gap = string.find(member, ' ', 1, true)
  local id = string.sub(member, gap + 1)
  local jobs = ARGV[1] .. string.sub(member, 1, gap - 1)
  local record = redis.call('HGET', jobs, id)
  if not record then
    -- A hash that somebody removed by hand: nothing is left to hand out.
    redis.call('ZREM', KEYS[1], member)
    over[#over + 1] = member
  else
    if string.sub(record, 1, 1) ~= '=' then
      local due, attempt, rest = string.match(record, '^(%S+) (%S+) %S* (.*)$')
      record = due .. ' ' .. (tonumber(attempt) + 1) .. ' ' .. token .. ' ' .. rest
      redis.call('HSET', jobs, id, record)
    elseif held[i] then -- the first lease has run out
      record = string.match(held[i], '^%S+') .. ' 2 ' .. token .. '  ' .. string.sub(record, 2)
      redis.call('HSET', jobs, id, record)
      over[#over + 1] = member
    else
      local due = moment(found[2 * i])
      record = due .. ' 1 ' .. token .. '  ' .. string.sub(record, 2)
      first[#first + 1] = member
      first[#first + 1] = due .. ' ' .. token
    end
    local urgent = rank(found[2 * i])
    ends[#ends + 1] = placed(ARGV[3], urgent)
    ends[#ends + 1] = member
    leased[#leased + 1] = member
    leased[#leased + 1] = record
    leased[#leased + 1] = urgent
  end
end
for i = 1, #ends, 2000 do
  redis.call('ZADD', KEYS[1], unpack(ends, i, math.min(i + 1999, #ends)))
end
for i = 1, #first, 2000 do
  redis.call('HSET', KEYS[2], unpack(first, i, math.min(i + 1999, #first)))
end
if #over > 0 then redis.call('HDEL', KEYS[2], unpack(over)) end
return leased
