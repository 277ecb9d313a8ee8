-- What each of wrk's threads sends; a thread is one client with its own cookie.
-- Arguments: a file with one cookie a line, a number to begin chance with, and for POST a file with
-- one JSON object a line, each without its opening brace and its id.

local number = 0

function setup(thread)
  number = number + 1
  thread:set("client", number)
end

local function lines_of(path)
  local lines = {}
  for line in io.lines(path) do
    lines[#lines + 1] = line
  end
  return lines
end

local headers, bodies, at, constant

function init(args)
  headers = { ["Sec-Fetch-Site"] = "same-origin" }
  if args[1] then
    headers["Cookie"] = lines_of(args[1])[client]
  end
  if args[3] then
    headers["Content-Type"] = "application/json"
    bodies = lines_of(args[3])
    at = client * 7 -- so that clients stand at different questions
    math.randomseed(tonumber(args[2]) * 1000 + client)
  else
    constant = wrk.format("GET", nil, headers)
  end
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
  at = at % #bodies + 1
  return wrk.format("POST", nil, headers, '{"id":"' .. uuid() .. '",' .. bodies[at])
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.stderr:write(string.format(
    '{"answered":%d,"seconds":%f,"refused":%d,"broken":%d,"p50":%f,"p99":%f,"max":%f}\n',
    summary.requests,
    summary.duration / 1e6,
    errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3,
    latency.max / 1e3
  ))
end
