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
var orderProcessor_exports = {};
__export(orderProcessor_exports, {
  handler: () => handler
});
module.exports = __toCommonJS(orderProcessor_exports);
var import_order = require("../services/order.service");
var import_validation = require("../utils/validation");
var import_response = require("../utils/response");
const handler = async (event) => {
  if (!event.body) return (0, import_response.createResponse)(400, { error: "Missing payload" });
  const payload = (0, import_validation.validatePayload)(JSON.parse(event.body));
  const orderService = new import_order.OrderService();
  try {
    const result = await orderService.processOrder(payload);
    return (0, import_response.createResponse)(201, result);
  } catch (err) {
    return (0, import_response.createResponse)(500, { error: "Processing failed", trace: process.env.NODE_ENV === "production" ? void 0 : err });
  }
};
// Annotate the CommonJS export names for ESM import in node:
0 && (module.exports = {
  handler
});
