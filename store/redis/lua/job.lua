-- Put in front of the scripts that need it: how a lease is settled.
--
-- A job is a field of its partition's hash: "DUE ATTEMPT TOKEN REPLACED KIND
-- BODY". DUE is in Unix milliseconds; TOKEN is the present lease, REPLACED the
-- one that was held when the job was replaced; each is empty when there is none.

-- lease compares a settlement with the job: nil when the lease is not held any
-- more, or else what settle needs.
local function lease(jobs, id, token)
  local record = redis.call('HGET', jobs, id)
  if not record then return nil end
  local attempt, held, replaced, rest = string.match(record, '^%S+ (%S+) (%S*) (%S*) (.*)$')
  if held == token then return { attempt, replaced, rest } end
  if replaced == token then return {} end
  return nil
end

-- settle ends a lease that was compared: the job goes, or is due again at a
-- time ('0': it goes). A job that was replaced meanwhile stays as it is now.
local function settle(due, jobs, partition, id, again, found)
  if not found[1] then return end
  if again == '0' then
    redis.call('HDEL', jobs, id)
    redis.call('ZREM', due, partition .. ' ' .. id)
  else
    redis.call('HSET', jobs, id, again .. ' ' .. found[1] .. '  ' .. found[2] .. ' ' .. found[3])
    redis.call('ZADD', due, again, partition .. ' ' .. id)
  end
end
