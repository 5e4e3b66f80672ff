var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __export = (target, all) => {
  for (var name in all)
    __defProp(target, name, { get: all[name], enumerable: true });
};
var __copyProps = (to, from, except, desc) => {
  if (from && typeof from === "object" || typeof from === "function") {
    for (let key of __getOwnPropNames(from))
      if (!__hasOwnProp.call(to, key) && key !== except)
        __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
  }
  return to;
};
var __toCommonJS = (mod) => __copyProps(__defProp({}, "__esModule", { value: true }), mod);

// src/index.ts
var index_exports = {};
__export(index_exports, {
  handler: () => handler
});
module.exports = __toCommonJS(index_exports);
var import_node_crypto = require("node:crypto");
var import_client_dynamodb = require("@aws-sdk/client-dynamodb");
var import_util_dynamodb = require("@aws-sdk/util-dynamodb");
var client = new import_client_dynamodb.DynamoDBClient({});
var TableName = process.env.TABLE_NAME;
var json = (statusCode, body) => ({
  statusCode,
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(body)
});
async function create(event) {
  if (!event.body) return json(400, { error: "Missing payload" });
  const order = { orderId: (0, import_node_crypto.randomUUID)(), status: "PENDING", items: JSON.parse(event.body).items };
  await client.send(new import_client_dynamodb.PutItemCommand({ TableName, Item: (0, import_util_dynamodb.marshall)(order) }));
  return json(201, order);
}
async function read(orderId) {
  const { Item } = await client.send(new import_client_dynamodb.GetItemCommand({ TableName, Key: (0, import_util_dynamodb.marshall)({ orderId }) }));
  return Item ? json(200, (0, import_util_dynamodb.unmarshall)(Item)) : json(404, { error: "Not found", id: orderId });
}
var handler = async (event) => event.httpMethod === "POST" ? create(event) : read(event.pathParameters.id);
// Annotate the CommonJS export names for ESM import in node:
0 && (module.exports = {
  handler
});
