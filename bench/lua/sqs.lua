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
local of_send, of_batch = headers("SendMessage"), headers("SendMessageBatch")
local of_receive, of_delete = headers("ReceiveMessage"), headers("DeleteMessage")
local text = '{\\"orderId\\":\\"order-%d\\",\\"status\\":\\"PENDING\\",\\"total\\":42.5,\\"items\\":[{\\"id\\":\\"sku-1\\",\\"qty\\":2}],\\"createdAt\\":\\"2026-01-01T00:00:00.000Z\\"}'

local n, handles, first, last = 0, {}, 1, 0
local kinds = {
  SendMessage = function()
    return of_send, '{"QueueUrl":"' .. queue .. '","MessageBody":"' .. string.format(text, n) .. '"}'
  end,
  SendMessageBatch = function()
    local entries = {}
    for i = 1, 10 do entries[i] = '{"Id":"' .. i .. '","MessageBody":"' .. string.format(text, n * 10 + i) .. '"}' end
    return of_batch, '{"QueueUrl":"' .. queue .. '","Entries":[' .. table.concat(entries, ",") .. ']}'
  end,
  Pairs = function()
    if first <= last then
      local handle = handles[first]
      handles[first] = nil
      first = first + 1
      return of_delete, '{"QueueUrl":"' .. queue .. '","ReceiptHandle":"' .. handle .. '"}'
    end
    return of_receive, '{"QueueUrl":"' .. queue .. '"}'
  end,
}

function request()
  n = n + 1
  local with, body = kinds[operation]()
  return wrk.format("POST", "/", with, body)
end

if operation == "Pairs" then
  function response(status, with, body)
    local handle = body:match('"ReceiptHandle":"([^"]+)"')
    if handle then
      last = last + 1
      handles[last] = handle
    end
  end
end
