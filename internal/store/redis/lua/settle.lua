-- Applies many changes that only settle leases, each all or nothing by itself.
-- It does what commit.lua would do with them one by one, at less cost.
--
-- KEYS[1] the shard's due zset: "PARTITION ID" by place (see job.lua)
-- KEYS[2] the shard's first leases by "PARTITION ID" (see job.lua)
-- The partitions' jobs hashes begin with ARGV[1] (see job.lua).
--
-- ARGV[1] what the jobs' keys begin with; the partition follows
-- then for every change its partition and how many settlements it has, and for
-- each settlement: id, token, due again (0: it is done)
--
-- returns for every change 0 when it was applied, 2 when a lease is not held
-- any more

local members, at = {}, 2
while at < #ARGV do
  local partition, n = ARGV[at], tonumber(ARGV[at + 1])
  at = at + 2
  for i = 1, n do members[#members + 1] = partition .. ' ' .. ARGV[at + 3 * i - 3] end
  at = at + 3 * n
end
local first = {}
for i = 1, #members, 1000 do
  for _, held in ipairs(redis.call('HMGET', KEYS[2], unpack(members, i, math.min(i + 999, #members)))) do
    first[#first + 1] = held
  end
end

local answers, leaving, done = {}, {}, {}
local nth = 0
at = 2
while at < #ARGV do
  local partition, n = ARGV[at], tonumber(ARGV[at + 1])
  local jobs = ARGV[1] .. partition
  at = at + 2
  local found, answer = {}, 0
  for i = 1, n do
    -- what an earlier change of this call has settled is held no more
    found[i] = not done[members[nth + i]] and lease(jobs, ARGV[at + 3 * i - 3], ARGV[at + 3 * i - 2], first[nth + i])
    if not found[i] then
      answer = 2
      break
    end
  end
  if answer == 0 then
    for i = 1, n do
      done[members[nth + i]] = true
      settle(KEYS[1], KEYS[2], jobs, partition, ARGV[at + 3 * i - 3], ARGV[at + 3 * i - 1], found[i], leaving)
    end
  end
  at, nth = at + 3 * n, nth + n
  answers[#answers + 1] = answer
end
leave(KEYS[1], KEYS[2], leaving)
return answers
