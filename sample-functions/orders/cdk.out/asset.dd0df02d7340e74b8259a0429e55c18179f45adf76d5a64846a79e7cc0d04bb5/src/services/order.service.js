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
var order_service_exports = {};
__export(order_service_exports, {
  OrderService: () => OrderService
});
module.exports = __toCommonJS(order_service_exports);
var import_client_dynamodb = require("@aws-sdk/client-dynamodb");
var import_util_dynamodb = require("@aws-sdk/util-dynamodb");
const client = new import_client_dynamodb.DynamoDBClient({ region: process.env.AWS_REGION });
class OrderService {
  async processOrder(payload) {
    const orderId = crypto.randomUUID();
    const item = (0, import_util_dynamodb.marshall)({
      orderId,
      status: "PENDING",
      items: payload.items,
      createdAt: (/* @__PURE__ */ new Date()).toISOString()
    });
    await client.send(new import_client_dynamodb.PutItemCommand({
      TableName: process.env.ORDERS_TABLE,
      Item: item,
      ConditionExpression: "attribute_not_exists(orderId)"
    }));
    return { orderId, status: "PENDING" };
  }
}
// Annotate the CommonJS export names for ESM import in node:
0 && (module.exports = {
  OrderService
});
