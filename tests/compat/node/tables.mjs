// What tests about DynamoDB share: an emu of the file's own, the two clients of AWS SDK v3, tables in few words.
import { after, before } from "node:test";
import { sdk, startEmu } from "./emu.mjs";

export const dynamodb = sdk("@aws-sdk/client-dynamodb");
export const lib = sdk("@aws-sdk/lib-dynamodb");

// Filled before the first test of the file: { emu, client, documents }; then prepare() runs.
export function withTables(prepare = async () => {}) {
  const shared = {};
  before(async () => {
    shared.emu = await startEmu();
    shared.client = new dynamodb.DynamoDBClient(shared.emu.config);
    shared.documents = lib.DynamoDBDocumentClient.from(shared.client, { marshallOptions: { removeUndefinedValues: true } });
    await prepare();
  });
  after(async () => {
    shared.client?.destroy();
    await shared.emu?.stop();
  });
  // A table with the partition key pk (S) and perhaps a sort key sk of type `sort`; its name.
  shared.table = async (TableName, sort, { definitions = [], ...more } = {}) => {
    const attribute = (AttributeName, AttributeType) => ({ AttributeName, AttributeType });
    await shared.client.send(new dynamodb.CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [attribute("pk", "S"), ...(sort ? [attribute("sk", sort)] : []), ...definitions],
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }, ...(sort ? [{ AttributeName: "sk", KeyType: "RANGE" }] : [])],
      ...more,
    }));
    return TableName;
  };
  return shared;
}
