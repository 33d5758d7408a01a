-- Sends the lines of a file, METHOD <tab> path <tab> body, each thread every so-manieth, round and round.
-- Arguments: file, token, header If-Match or "", milliseconds between an answer and the next request.
local threads = {}
function setup(thread)
    thread:set("number", #threads)
    table.insert(threads, thread)
end

local lines, at = {}, 0
function init(args)
    local headers = {["Content-Type"] = "application/json"}
    if args[2] ~= "" then headers["Authorization"] = "Bearer " .. args[2] end
    if args[3] ~= "" then headers["If-Match"] = args[3] end
    local pause = tonumber(args[4] or "0")
    if pause > 0 then
        function delay() return pause end
    end
    local count = 0
    for line in io.lines(args[1]) do
        if count % 2 == number then
            local method, path, body = line:match("^(%S+)\t(%S+)\t(.*)$")
            table.insert(lines, wrk.format(method, path, headers, body ~= "" and body or nil))
        end
        count = count + 1
    end
end


function request()
    at = at % #lines + 1
    return lines[at]
end

function done(summary, latency, requests)
    io.write(string.format('RESULT {"requests": %d, "seconds": %.3f, "refused": %d, "failed": %d, "p50_ms": %.3f, "p99_ms": %.3f}\n',
        summary.requests, summary.duration / 1e6, summary.errors.status,
        summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
        latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
