-- Reads jobs of one partition at one instant.
--
-- KEYS[1] the shard's due zset: "PARTITION ID" by place (see job.lua)
-- KEYS[2] the shard's first leases by "PARTITION ID" (see job.lua)
-- KEYS[3] the partition's jobs by id (see job.lua)
--
-- ARGV[1] the partition
-- then the ids of the jobs to read; all of them when there is none
--
-- returns a flat list, three for each job that is there: its id, its whole
-- record as in job.lua, and '1' when it is urgent

local ids = { unpack(ARGV, 2) }
if #ids == 0 then ids = redis.call('HKEYS', KEYS[3]) end
local answer = {}
for _, id in ipairs(ids) do
  local member = ARGV[1] .. ' ' .. id
  local record = redis.call('HGET', KEYS[3], id)
  local score = record and redis.call('ZSCORE', KEYS[1], member)
  if score then
    answer[#answer + 1] = id
    answer[#answer + 1] = whole(record, score, redis.call('HGET', KEYS[2], member))
    answer[#answer + 1] = rank(score)
  end
end
return answer
