// POST /orders keeps an order, GET /orders/{id} gives it back.
import { randomUUID } from 'node:crypto';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';

const client = new DynamoDBClient({});
const TableName = process.env.TABLE_NAME!;

const json = (statusCode: number, body: unknown): APIGatewayProxyResult => ({
  statusCode, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
});

async function create(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  if (!event.body) return json(400, { error: 'Missing payload' });
  const order = { orderId: randomUUID(), status: 'PENDING', items: JSON.parse(event.body).items };
  await client.send(new PutItemCommand({ TableName, Item: marshall(order) }));
  return json(201, order);
}

async function read(orderId: string): Promise<APIGatewayProxyResult> {
  const { Item } = await client.send(new GetItemCommand({ TableName, Key: marshall({ orderId }) }));
  return Item ? json(200, unmarshall(Item)) : json(404, { error: 'Not found', id: orderId });
}

export const handler = async (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> =>
  event.httpMethod === 'POST' ? create(event) : read(event.pathParameters!.id!);
