-- GetItem or PutItem (OPERATION) over many keys of one table.
local operation = os.getenv("OPERATION")
local headers = {
  ["X-Amz-Target"] = "DynamoDB_20120810." .. operation,
  ["Content-Type"] = "application/x-amz-json-1.0",
  ["Authorization"] = "AWS4-HMAC-SHA256 Credential=emu/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
}
local n = 0
function request()
  n = (n + 1) % 1000
  local body
  if operation == "GetItem" then
    body = string.format('{"TableName":"bench","Key":{"id":{"S":"key-%d"}}}', n)
  else
    body = string.format('{"TableName":"bench","Item":{"id":{"S":"key-%d"},"status":{"S":"PENDING"},"total":{"N":"42.5"},' ..
      '"items":{"L":[{"M":{"id":{"S":"sku-1"},"qty":{"N":"2"}}}]},"createdAt":{"S":"2026-01-01T00:00:00.000Z"}}}', n)
  end
  return wrk.format("POST", "/", headers, body)
end
