-- Asks at random, for so many seconds, and then only waits for what is still under way: wrk
-- would cut those answers off, which the server took CPU for and nobody counted.
-- Needs one thread. Arguments: a file of bodies, seconds, connections, digits that no other
-- drive has, and a token or nothing.

local ffi = require("ffi")
ffi.cdef("typedef struct { long s, us; } moment; int gettimeofday(moment *, void *);")
local moment = ffi.new("moment")
local UNIQUE = "00000000000000"
local FOREVER = 1e9

local bodies, heads, tails, count = {}, {}, {}, 0
local seconds, connections, digits
local parked = 0

-- Not local, so that `done` can get them from the thread. wrk makes one request that it never
-- sends, to count how many are in it.
sent, began, ended = -1, nil, nil

local function now()
  ffi.C.gettimeofday(moment, nil)
  return tonumber(moment.s) + tonumber(moment.us) / 1e6
end

function setup(thread)
  worker = thread
end

function init(args)
  local headers = { ["Content-Type"] = "application/json" }
  seconds, connections, digits = tonumber(args[2]), tonumber(args[3]), args[4]
  if args[5] then headers["Authorization"] = "Bearer " .. args[5] end
  for line in io.lines(args[1]) do
    count = count + 1
    local request = wrk.format("POST", nil, headers, line)
    local first, last = request:find(UNIQUE, 1, true)
    bodies[count] = request
    if first then
      heads[count], tails[count] = request:sub(1, first - 1), request:sub(last + 1)
    end
  end
  math.randomseed(tonumber(digits))
end

function delay()
  if not began then began = now() end
  if now() - began < seconds then return 0 end
  parked = parked + 1
  if parked == connections then
    ended = now()
    io.stdout:write("idle\n")
    io.stdout:flush()
  end
  return FOREVER
end

function request()
  sent = sent + 1
  local n = math.random(count)
  if not heads[n] then return bodies[n] end
  return heads[n] .. digits .. string.format("%08d", sent) .. tails[n]
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '{"sent": %d, "answered": %d, "seconds": %f, "p50_ms": %f, "p99_ms": %f, "failed": %d, "refused": %d}\n',
    worker:get("sent"), summary.requests, worker:get("ended") - worker:get("began"),
    latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    errors.connect + errors.read + errors.write + errors.timeout, errors.status))
end
