-- Put in front of the scripts that need it: how a job is kept, and how a lease
-- is settled.
--
-- A job is a field of its partition's hash: "DUE ATTEMPT TOKEN REPLACED KIND
-- BODY". DUE is in Unix milliseconds; TOKEN is the present lease, REPLACED the
-- one that was held when the job was replaced; each is empty when there is none.
-- A job that was never leased, as most are, is "=KIND BODY": the due zset says
-- when it is due, and a partition's small jobs stay in Redis's small form.

-- milli writes a score of the due zset as a whole number.
local function milli(score)
  return string.format('%.0f', tonumber(score))
end

-- whole is a job's record with all its parts; score is what the due zset says.
local function whole(record, score)
  if string.sub(record, 1, 1) ~= '=' then return record end
  return milli(score) .. ' 0   ' .. string.sub(record, 2)
end

-- lease compares a settlement with the job: nil when the lease is not held any
-- more, the job when it is, '' when the job was replaced since.
local function lease(jobs, id, token)
  local record = redis.call('HGET', jobs, id)
  if not record or string.sub(record, 1, 1) == '=' then return nil end
  local held, replaced = string.match(record, '^%S+ %S+ (%S*) (%S*) ')
  if held == token then return record end
  if replaced == token then return '' end
  return nil
end

-- settle ends a lease that was compared: the job goes, or is due again at a
-- time ('0': it goes). A job that was replaced meanwhile stays as it is now.
-- What is to leave the due zset is added to a list for leave.
local function settle(due, jobs, partition, id, again, found, leaving)
  if found == '' then return end
  if again == '0' then
    redis.call('HDEL', jobs, id)
    leaving[#leaving + 1] = partition .. ' ' .. id
  else
    local attempt, rest = string.match(found, '^%S+ (%S+) %S* (.*)$')
    redis.call('HSET', jobs, id, again .. ' ' .. attempt .. '  ' .. rest)
    redis.call('ZADD', due, again, partition .. ' ' .. id)
  end
end

-- leave takes members from the due zset, many with one call.
local function leave(due, leaving)
  for i = 1, #leaving, 1000 do
    redis.call('ZREM', due, unpack(leaving, i, math.min(i + 999, #leaving)))
  end
end
