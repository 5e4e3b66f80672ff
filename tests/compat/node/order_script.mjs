// A user's test script for `emu run`: orders over HTTP, then looks into the table with AWS SDK v3. It finds everything
// in the environment, as any CI script would.
import assert from "node:assert/strict";
import { sdk } from "./emu.mjs";

const { DynamoDBClient } = sdk("@aws-sdk/client-dynamodb");
const { DynamoDBDocumentClient, ScanCommand } = sdk("@aws-sdk/lib-dynamodb");

const answer = await fetch(`${process.env.AWS_ENDPOINT_URL}/orders`, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ items: [{ id: "sku-1", qty: 2 }] }),
});
assert.equal(answer.status, 201);
const { orderId, status } = await answer.json();
assert.equal(status, "PENDING");

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const { Items } = await documents.send(new ScanCommand({ TableName: "serverless-backend-orders-dev" }));
assert.deepEqual(Items.map((item) => [item.orderId, item.items]), [[orderId, [{ id: "sku-1", qty: 2 }]]]);
console.log(`${Items.length} order stored`);
