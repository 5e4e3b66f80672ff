-- One operation (OPERATION) on the queue at QUEUE_URL of bench/sqs.py. Pairs: what is received is deleted.
local operation = os.getenv("OPERATION")
local queue = os.getenv("QUEUE_URL")
local function headers(name)
  return {
    ["X-Amz-Target"] = "AmazonSQS." .. name,
    ["Content-Type"] = "application/x-amz-json-1.0",
    ["X-Amz-Date"] = "20260101T000000Z",
    ["Authorization"] = "AWS4-HMAC-SHA256 Credential=emu/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0",
  }
end
local text = '{\\"orderId\\":\\"order-%d\\",\\"status\\":\\"PENDING\\",\\"total\\":42.5,\\"items\\":[{\\"id\\":\\"sku-1\\",\\"qty\\":2}],\\"createdAt\\":\\"2026-01-01T00:00:00.000Z\\"}'

local function format(name, body) return wrk.format("POST", "/", headers(name), body) end

local bodies = {
  SendMessage = function(n)
    return '{"QueueUrl":"' .. queue .. '","MessageBody":"' .. string.format(text, n) .. '"}'
  end,
  SendMessageBatch = function(n)
    local entries = {}
    for i = 1, 10 do entries[i] = '{"Id":"' .. i .. '","MessageBody":"' .. string.format(text, n * 10 + i) .. '"}' end
    return '{"QueueUrl":"' .. queue .. '","Entries":[' .. table.concat(entries, ",") .. ']}'
  end,
}

if operation == "Pairs" then
  local receive, of_delete = nil, headers("DeleteMessage")
  local handles, first, last = {}, 1, 0
  function init() receive = format("ReceiveMessage", '{"QueueUrl":"' .. queue .. '"}') end
  function request()
    if first > last then return receive end
    local handle = handles[first]
    handles[first] = nil
    first = first + 1
    return wrk.format("POST", "/", of_delete, '{"QueueUrl":"' .. queue .. '","ReceiptHandle":"' .. handle .. '"}')
  end
  function response(status, with, body)
    local handle = body:match('"ReceiptHandle":"([^"]+)"')
    if handle then
      last = last + 1
      handles[last] = handle
    end
  end
else
  -- Requests are made once, so that the load costs its maker no more than an empty one.
  local requests, n = {}, 0
  function init()
    for i = 1, 1000 do requests[i] = format(operation, bodies[operation](i)) end
  end
  function request()
    n = n % #requests + 1
    return requests[n]
  end
end
