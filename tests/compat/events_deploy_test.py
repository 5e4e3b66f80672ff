"""sqs and stream events, destinations and onError of a project: deployed, at work, changed and removed with it."""
import json
import unittest

from cli_test import InAFolder
from daemon import Daemon, until

SERVICE = """service: eventful
provider:
  name: aws
  runtime: python3.11
functions:
  orders:
    handler: app.orders
    environment: {NOTES: !Ref Notes}
    events:
%(events)s
  changes:
    handler: app.changes
    environment: {NOTES: !Ref Notes}
    events:
      - stream: {type: dynamodb, arn: !GetAtt Things.StreamArn, batchSize: 5}
  fails:
    handler: app.fails
    maximumRetryAttempts: 0
    onError: !GetAtt Dead.Arn
    destinations:
      onFailure: takes
  takes:
    handler: app.takes
    environment: {NOTES: !Ref Notes}
resources:
  Resources:
    Orders: {Type: AWS::SQS::Queue, Properties: {QueueName: orders}}
    Dead: {Type: AWS::SQS::Queue, Properties: {QueueName: dead}}
    Notes: {Type: AWS::SQS::Queue, Properties: {QueueName: notes}}
    Things:
      Type: AWS::DynamoDB::Table
      Properties:
        TableName: things
        BillingMode: PAY_PER_REQUEST
        AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
        KeySchema: [{AttributeName: id, KeyType: HASH}]
        StreamSpecification: {StreamViewType: KEYS_ONLY}
"""
QUEUE_EVENT = """      - sqs:
          arn: !GetAtt Orders.Arn
          batchSize: %(size)d
          functionResponseType: ReportBatchItemFailures
          filterPatterns:
            - body: {kind: [order]}
"""
APP = """import json, os, boto3

def note(what):
    boto3.client("sqs").send_message(QueueUrl=os.environ["NOTES"], MessageBody=json.dumps(what))

def orders(event, context):
    for record in event["Records"]:
        note(["order", json.loads(record["body"])["n"]])

def changes(event, context):
    for record in event["Records"]:
        note([record["eventName"], record["dynamodb"]["Keys"]["id"]["S"]])

def fails(event, context):
    raise ValueError("as asked")

def takes(event, context):
    note([event["requestContext"]["condition"], event["requestPayload"]])
"""


class Deployed(InAFolder):
    def setUp(self):
        super().setUp()
        self.directory = self.project("eventful", text=self.service(5), app=APP)
        self.emu = Daemon(self.directory, data=self.folder / "data")
        self.addCleanup(self.emu.close)
        self.begin()

    def service(self, size):
        return SERVICE % {"events": QUEUE_EVENT % {"size": size} if size else "      []"}

    def begin(self):
        self.emu.start()
        until("the stack is deployed", lambda: self.emu.status()["stack"])
        self.sqs, self.functions = self.emu.client("sqs"), self.emu.client("lambda")

    def url(self, queue):
        return self.sqs.get_queue_url(QueueName=queue)["QueueUrl"]

    def body(self, queue):
        messages = until(f"a message in {queue}", lambda: self.sqs.receive_message(
            QueueUrl=self.url(queue), WaitTimeSeconds=1).get("Messages"))
        self.sqs.delete_message(QueueUrl=self.url(queue), ReceiptHandle=messages[0]["ReceiptHandle"])
        return json.loads(messages[0]["Body"])

    def mappings(self):
        return self.functions.list_event_source_mappings(FunctionName="eventful-dev-orders")["EventSourceMappings"]

    def test_a_projects_events_from_first_to_last(self):
        for n, kind in enumerate(["other", "order"]):
            self.sqs.send_message(QueueUrl=self.url("orders"), MessageBody=json.dumps({"kind": kind, "n": n}))
        self.assertEqual(self.body("notes"), ["order", 1])
        self.emu.client("dynamodb").put_item(TableName="things", Item={"id": {"S": "a"}})
        self.assertEqual(self.body("notes"), ["INSERT", "a"])
        self.functions.invoke(FunctionName="eventful-dev-fails", InvocationType="Event", Payload=b'{"n": 7}')
        self.assertEqual(self.body("notes"), ["RetriesExhausted", {"n": 7}])
        self.assertEqual(self.body("dead"), {"n": 7})

        [before] = self.mappings()
        self.assertEqual((before["State"], before["BatchSize"]), ("Enabled", 5))
        self.assertEqual(self.emu.stop(), 0)
        (self.directory / "serverless.yml").write_text(self.service(3))
        self.begin()
        until("the change", lambda: [m["BatchSize"] for m in self.mappings()] == [3])
        self.assertEqual(self.mappings()[0]["UUID"], before["UUID"])
        self.sqs.send_message(QueueUrl=self.url("orders"), MessageBody=json.dumps({"kind": "order", "n": 2}))
        self.assertEqual(self.body("notes"), ["order", 2])
        self.assertEqual(self.emu.stop(), 0)
        (self.directory / "serverless.yml").write_text(self.service(None))
        self.begin()
        until("no mapping is left", lambda: not self.mappings())


if __name__ == "__main__":
    unittest.main()
