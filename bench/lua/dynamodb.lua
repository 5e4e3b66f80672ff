-- One operation (OPERATION) over many keys; the tables are bench/dynamodb.py's.
local operation = os.getenv("OPERATION")
local keys = tonumber(os.getenv("KEYS") or "1000")
local headers = {
  ["X-Amz-Target"] = "DynamoDB_20120810." .. operation,
  ["Content-Type"] = "application/x-amz-json-1.0",
  ["X-Amz-Date"] = "20260101T000000Z",
  ["Authorization"] = "AWS4-HMAC-SHA256 Credential=emu/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
}

local function order(n)
  return string.format('{"id":{"S":"key-%d"},"status":{"S":"PENDING"},"total":{"N":"42.5"},' ..
    '"items":{"L":[{"M":{"id":{"S":"sku-1"},"qty":{"N":"2"}}}]},"createdAt":{"S":"2026-01-01T00:00:00.000Z"}}', n)
end

-- `count` members made by `one`, of consecutive keys from n * count.
local function list(n, count, one)
  local members = {}
  for i = 1, count do members[i] = one((n * count + i) % keys) end
  return table.concat(members, ",")
end

local bodies = {
  GetItem = function(n) return string.format('{"TableName":"bench","Key":{"id":{"S":"key-%d"}}}', n) end,
  PutItem = function(n) return '{"TableName":"bench","Item":' .. order(n) .. '}' end,
  UpdateItem = function(n)
    return string.format('{"TableName":"bench","Key":{"id":{"S":"key-%d"}},"UpdateExpression":"SET #t = #t + :one","ExpressionAttributeNames":{"#t":"total"},' ..
      '"ConditionExpression":"attribute_exists(id) AND #t > :least","ExpressionAttributeValues":{":one":{"N":"1"},":least":{"N":"0"}}}', n)
  end,
  TransactWriteItems = function(n)
    return '{"TransactItems":[' .. list(n, 4, function(k) return '{"Put":{"TableName":"bench","Item":' .. order(k) .. '}}' end) .. ']}'
  end,
  BatchWriteItem = function(n)
    return '{"RequestItems":{"bench":[' .. list(n, 25, function(k) return '{"PutRequest":{"Item":' .. order(k) .. '}}' end) .. ']}}'
  end,
  Query = function(n)
    return string.format('{"TableName":"lines","KeyConditionExpression":"id = :id","ExpressionAttributeValues":{":id":{"S":"order-%d"}}}', n % 20)
  end,
}

-- Requests are made once, so that the load costs its maker no more than an empty one: at most 10,000, spread over the keys.
local requests, n = {}, 0
function init()
  local count = math.min(keys, 10000)
  for i = 1, count do
    requests[i] = wrk.format("POST", "/", headers, bodies[operation](math.floor((i - 1) * keys / count)))
  end
end

function request()
  n = n % #requests + 1
  return requests[n]
end
