-- Hands out jobs of one shard that are due, oldest first.
--
-- KEYS[1] the shard's due zset: "PARTITION ID" by due time or lease's end
-- The partitions' jobs hashes begin with ARGV[1] (see job.lua).
--
-- ARGV[1] what the jobs' keys begin with; the partition follows
-- ARGV[2] now, in Unix milliseconds
-- ARGV[3] when the lease ends, in Unix milliseconds
-- ARGV[4] the most jobs to hand out
-- ARGV[5] a text no other call has; the tokens begin with it
--
-- returns a flat list, two for each job: "PARTITION ID" and its record as in
-- job.lua

local found = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[2], 'WITHSCORES', 'LIMIT', 0, ARGV[4])
local leased, ends = {}, {}
for i = 1, #found, 2 do
  local member = found[i]
  local partition, id = string.match(member, '^(%S+) (%S+)$')
  local jobs = ARGV[1] .. partition
  local record = redis.call('HGET', jobs, id)
  if record then
    if string.sub(record, 1, 1) == '=' then
      record = milli(found[i + 1]) .. ' 1 ' .. ARGV[5] .. i .. '  ' .. string.sub(record, 2)
    else
      local due, attempt, rest = string.match(record, '^(%S+) (%S+) %S* (.*)$')
      record = due .. ' ' .. (tonumber(attempt) + 1) .. ' ' .. ARGV[5] .. i .. ' ' .. rest
    end
    redis.call('HSET', jobs, id, record)
    ends[#ends + 1] = ARGV[3]
    ends[#ends + 1] = member
    leased[#leased + 1] = member
    leased[#leased + 1] = record
  else
    -- A hash that somebody removed by hand: nothing is left to hand out.
    redis.call('ZREM', KEYS[1], member)
  end
end
for i = 1, #ends, 2000 do
  redis.call('ZADD', KEYS[1], unpack(ends, i, math.min(i + 1999, #ends)))
end
return leased
