-- Makes jobs of one shard that are leased in somebody's name due again, as they were.
-- It looks at a limited number of them.
--
-- KEYS[1] the shard's due zset: "PARTITION ID" by place (see job.lua)
-- KEYS[2] the shard's first leases by "PARTITION ID" (see job.lua)
-- The partitions' jobs hashes begin with ARGV[1] (see job.lua).
--
-- ARGV[1] what the jobs' keys begin with; the partition follows
-- ARGV[2], ARGV[3] the earliest and the latest place of a lease's end
-- ARGV[4] how many jobs to pass over, ARGV[5] how many to look at
-- ARGV[6] what the tokens begin with
--
-- returns how many jobs it looked at, and how many of them are due again

local found = redis.call('ZRANGEBYSCORE', KEYS[1], ARGV[2], ARGV[3], 'WITHSCORES', 'LIMIT', ARGV[4], ARGV[5])
local function ours(token) return string.sub(token, 1, #ARGV[6]) == ARGV[6] end
local freed = 0
for i = 1, #found, 2 do
  local member = found[i]
  local gap = string.find(member, ' ', 1, true)
  local jobs, id = ARGV[1] .. string.sub(member, 1, gap - 1), string.sub(member, gap + 1)
  local record = redis.call('HGET', jobs, id)
  local due
  if record and string.sub(record, 1, 1) == '=' then
    local when, token = string.match(redis.call('HGET', KEYS[2], member) or '', '^(%S+) (%S+)$')
    if when and ours(token) then
      due = when
      redis.call('HDEL', KEYS[2], member)
      redis.call('HSET', jobs, id, due .. ' 1   ' .. string.sub(record, 2))
    end
  elseif record then
    local when, attempt, token, rest = string.match(record, '^(%S+) (%S+) (%S*) (.*)$')
    if token ~= '' and ours(token) then
      due = when
      redis.call('HSET', jobs, id, due .. ' ' .. attempt .. '  ' .. rest)
    end
  end
  if due then
    redis.call('ZADD', KEYS[1], placed(due, rank(found[i + 1])), member)
    freed = freed + 1
  end
end
return { #found / 2, freed }
