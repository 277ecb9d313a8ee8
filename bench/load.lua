-- What each of wrk's threads sends. Arguments: how many threads there are, a number to begin chance with,
-- a file of learners, a file of bodies, and "count" to have answers counted by their status.
-- A learner is a line: method, path and headers with tabs between. Each request is the next learner's, so
-- that none has two under way, and takes their next body; "@" in a body stands for a new id.

local threads = {}

function setup(thread)
  threads[#threads + 1] = thread
  thread:set("place", #threads)
end

local function lines_of(path)
  local lines = {}
  for line in io.lines(path) do
    lines[#lines + 1] = line
  end
  return lines
end

-- Heads and bodies lie ready as text; made by wrk.format for each request, they cost four times as much.
local heads, befores, afters = {}, {}, {}
local at, turn, constant = 0, 0, nil

local function read_learners(path, many)
  local ending = "\r\nHost: " .. wrk.headers["Host"] .. "\r\n"
  for number, line in ipairs(lines_of(path)) do
    if number % many == place - 1 then
      local what, headers = line:match("^([^\t]*)\t?(.*)$")
      if headers ~= "" then
        headers = headers:gsub("\t", "\r\n") .. "\r\n"
      end
      heads[#heads + 1] = what .. " HTTP/1.1" .. ending .. headers
    end
  end
end

local function read_bodies(path)
  for number, line in ipairs(lines_of(path)) do
    befores[number], afters[number] = line:match("^([^@]*)@(.*)$")
    if not afters[number] then
      befores[number], afters[number] = line, false
    end
  end
end

function init(args)
  if not args[3] then
    constant = wrk.format("GET")
    return
  end
  read_learners(args[3], tonumber(args[1]))
  if args[4] then
    read_bodies(args[4])
    turn = tonumber(args[2]) * 17 -- so that a run begins with other questions than the one before
    math.randomseed(tonumber(args[2]) * 1000 + place)
  end
  if args[5] == "count" then
    response = count
  end
end

counts = {} -- of answers by status; "retry" stands behind it where the answer says when to come back

function count(status, headers)
  local kind = status .. ((headers["Retry-After"] or headers["retry-after"]) and " retry" or "")
  counts[kind] = (counts[kind] or 0) + 1
end

local function uuid()
  local r = function() return math.random(0, 0xffff) end
  return string.format(
    "%04x%04x-%04x-4%03x-%04x-%04x%04x%04x",
    r(), r(), r(), math.random(0, 0xfff), math.random(0x8000, 0xbfff), r(), r(), r()
  )
end

function request()
  if constant then
    return constant
  end
  at = at + 1
  if at > #heads then
    at, turn = 1, turn + 1
  end
  if #befores == 0 then
    return heads[at] .. "\r\n"
  end
  local number = (turn + at * 7) % #befores + 1 -- so that learners stand at different questions
  local body = befores[number]
  if afters[number] then
    body = body .. uuid() .. afters[number]
  end
  return heads[at] .. "Content-Length: " .. #body .. "\r\n\r\n" .. body
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.stderr:write(string.format(
    "answered %d\nmicroseconds %d\nbusy %d\nrefused %d\nbroken %d\nmax %d\n",
    summary.requests,
    summary.duration,
    os.clock() * 1e6, -- of all threads, until now: what follows is no part of the run
    errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency.max
  ))
  for position = 1, #latency do
    local value, many = latency(position)
    io.stderr:write(string.format("took %d %d\n", value, many))
  end
  for _, thread in ipairs(threads) do
    for kind, many in pairs(thread:get("counts") or {}) do
      io.stderr:write(string.format("status %d %s\n", many, kind))
    end
  end
end
