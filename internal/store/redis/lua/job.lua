-- Put in front of the scripts that need it: how a job is kept, and how a lease
-- is settled.
--
-- A job is a field of its partition's hash: "DUE ATTEMPT TOKEN REPLACED KIND
-- BODY". DUE is in Unix milliseconds; TOKEN is the present lease, REPLACED the
-- one that was held when the job was replaced ('-': it had been held, and was not
-- any more); each is empty when there is none.
-- A job that was put and never settled, as most are, is "=KIND BODY": the due
-- zset says when it is due, and a partition's small jobs stay in Redis's small
-- form. Its first lease is "DUE TOKEN" in the shard's hash of leases, under
-- "PARTITION ID", so that the job itself need not be written twice; what comes
-- after that is written into the job.
--
-- A job's place in the due zset is its due time or its lease's end, and for an
-- urgent job AHEAD less, below zero: the zset alone says which jobs are urgent.

local AHEAD = 2 ^ 50 -- as in package store

-- milli writes a number of milliseconds as a whole number.
local function milli(score)
  return string.format('%.0f', tonumber(score))
end

-- rank is '1' for a job whose place is an urgent one's.
local function rank(place)
  if tonumber(place) < 0 then return '1' end
  return '0'
end

-- moment is the time of a place, place that of a time.
local function moment(place)
  place = tonumber(place)
  if place < 0 then place = place + AHEAD end
  return milli(place)
end
local function placed(time, urgent)
  if urgent == '1' then return milli(tonumber(time) - AHEAD) end
  return milli(time)
end

-- whole is a job's record with all its parts; place is what the due zset says,
-- first its first lease, if it has one.
local function whole(record, place, first)
  if string.sub(record, 1, 1) ~= '=' then return record end
  if first then return string.gsub(first, ' ', ' 1 ', 1) .. '  ' .. string.sub(record, 2) end
  return moment(place) .. ' 0   ' .. string.sub(record, 2)
end

-- lease compares a settlement with the job: nil when the lease is not held any
-- more, the job when it is ('=' for one that is kept so), '' when the job was
-- replaced since. first is the job's first lease, if it has one.
local function lease(jobs, id, token, first)
  if first then
    if string.sub(first, string.find(first, ' ', 1, true) + 1) == token then return '=' end
    return nil
  end
  local record = redis.call('HGET', jobs, id)
  if not record or string.sub(record, 1, 1) == '=' then return nil end
  local held, replaced = string.match(record, '^%S+ %S+ (%S*) (%S*) ')
  if held == token then return record end
  if replaced == token then return '' end
  return nil
end

-- settle ends a lease that was compared: the job goes, or is due again at a
-- time ('0': it goes). A job that was replaced meanwhile stays as it is now.
-- What is to leave the due zset and the leases is added to a list for leave.
local function settle(due, leases, jobs, partition, id, again, found, leaving)
  if found == '' then return end
  local member = partition .. ' ' .. id
  if again == '0' then
    redis.call('HDEL', jobs, id)
    leaving[#leaving + 1] = member
    return
  end
  local attempt, rest = string.match(found, '^%S+ (%S+) %S* (.*)$')
  if found == '=' then
    local record = redis.call('HGET', jobs, id)
    redis.call('HDEL', leases, member)
    if not record then return end -- somebody removed it by hand
    attempt, rest = '1', ' ' .. string.sub(record, 2)
  end
  redis.call('HSET', jobs, id, again .. ' ' .. attempt .. '  ' .. rest)
  redis.call('ZADD', due, placed(again, rank(redis.call('ZSCORE', due, member) or '0')), member)
end

-- many runs a command on a key for a list of words, some hundreds in a call, and gives
-- what the calls answered with, one after the other, where they answer with lists.
local function many(command, key, list)
  local answers = {}
  for i = 1, #list, 1000 do
    local answer = redis.call(command, key, unpack(list, i, math.min(i + 999, #list)))
    if type(answer) == 'table' then
      for _, each in ipairs(answer) do answers[#answers + 1] = each end
    end
  end
  return answers
end

-- leave takes members from the due zset and the leases.
local function leave(due, leases, leaving)
  if #leaving == 0 then return end
  many('ZREM', due, leaving)
  many('HDEL', leases, leaving)
end
