-- For wrk: places an order with each request, each with an Idempotency-Key of its own.
-- BODY and KEY come from the environment.
local threads = 0
function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end
function init()
  body, count = os.getenv("BODY"), 0
  run = os.getenv("RUN") .. "-" .. number .. "-"
  headers = {
    ["Authorization"] = "Bearer " .. os.getenv("KEY"),
    ["Content-Type"] = "application/json",
  }
end
function request()
  count = count + 1
  headers["Idempotency-Key"] = run .. count
  return wrk.format("POST", nil, headers, body)
end
