"""Event source mappings of queues and table streams, asynchronous invocations and their destinations, through boto3 and
the AWS command line, with functions in Python and Node as users write them."""
import json
import unittest

from daemon import until
from functions import WithFunctions

# Notes what it was given in the table named by TABLE, and fails where the event says so.
NOTES = """
import json, os, boto3
table = boto3.resource("dynamodb").Table(os.environ["TABLE"])

def note(key, value):
    table.put_item(Item={"id": key, "value": value})

def queue(event, context):
    failed = []
    for record in event["Records"]:
        body = json.loads(record["body"])
        times = int(record["attributes"]["ApproximateReceiveCount"])
        if body.get("fail", 0) >= times:
            failed.append({"itemIdentifier": record["messageId"]})
        else:
            note("queue:%s" % body["n"], times)
    return {"batchItemFailures": failed}

def stream(event, context):
    for record in event["Records"]:
        note("%s:%s" % (record["eventName"], record["dynamodb"]["Keys"]["id"]["S"]), record["eventID"])

def fails(event, context):
    note("attempt:%s" % context.aws_request_id, json.dumps(event))
    raise ValueError("no good")
"""

NODE_QUEUE = """
const { SQSClient, SendMessageCommand } = require("@aws-sdk/client-sqs");
const sqs = new SQSClient({});
exports.handler = async (event) => {
  for (const record of event.Records)
    await sqs.send(new SendMessageCommand({ QueueUrl: process.env.NEXT, MessageBody: record.body.toUpperCase() }));
};
"""


class EventSources(WithFunctions):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sqs = cls.emu.client("sqs")
        cls.dynamodb = cls.emu.client("dynamodb")

    def table(self, name, **more):
        self.dynamodb.create_table(TableName=name, KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
                                   AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                                   BillingMode="PAY_PER_REQUEST", **more)
        return name

    def queue(self, name, **attributes):
        url = self.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        return url, self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]

    def notes(self, table):
        return {item["id"]["S"]: item["value"] for item in self.dynamodb.scan(TableName=table)["Items"]}

    def noting(self, name, handler, table, **more):
        self.table(table)
        return self.function(name, f"app.{handler}", files={"app.py": NOTES},
                             Environment={"Variables": {"TABLE": table}}, Timeout=10, **more)

    def receive(self, url):
        return until("a message", lambda: self.sqs.receive_message(
            QueueUrl=url, WaitTimeSeconds=1, MessageAttributeNames=["All"]).get("Messages"))[0]

    def test_messages_that_a_function_reports_come_back_and_the_others_are_gone(self):
        url, arn = self.queue("partial", VisibilityTimeout="10")
        self.noting("partial", "queue", "partial-notes")
        made = self.functions.create_event_source_mapping(
            EventSourceArn=arn, FunctionName="partial", FunctionResponseTypes=["ReportBatchItemFailures"])
        self.assertEqual(made["State"], "Creating")
        uuid = made["UUID"]
        until("enabled", lambda: self.functions.get_event_source_mapping(UUID=uuid)["State"] == "Enabled")
        self.sqs.send_message_batch(QueueUrl=url, Entries=[
            {"Id": str(n), "MessageBody": json.dumps({"n": n, "fail": 1 if n == 3 else 0})} for n in range(6)])
        until("all handled", lambda: len(self.notes("partial-notes")) == 6, 60)
        notes = self.notes("partial-notes")
        self.assertEqual({key: int(value["N"]) for key, value in notes.items()},
                         {f"queue:{n}": 2 if n == 3 else 1 for n in range(6)})
        self.functions.delete_event_source_mapping(UUID=uuid)
        until("gone", lambda: not self.functions.list_event_source_mappings(FunctionName="partial")["EventSourceMappings"])

    def test_a_node_function_between_two_queues(self):
        url, arn = self.queue("in", VisibilityTimeout="60")
        next_url, _ = self.queue("out")
        self.function("between", "index.handler", "nodejs20.x", files={"index.js": NODE_QUEUE},
                      Environment={"Variables": {"NEXT": next_url}}, Timeout=20)
        self.functions.create_event_source_mapping(
            EventSourceArn=arn, FunctionName="between",
            FilterCriteria={"Filters": [{"Pattern": json.dumps({"body": [{"prefix": "a"}]})}]})
        for body in ("b", "apple"):
            self.sqs.send_message(QueueUrl=url, MessageBody=body)
        self.assertEqual(self.receive(next_url)["Body"], "APPLE")
        until("the other was dropped", lambda: self.sqs.get_queue_attributes(
            QueueUrl=url, AttributeNames=["All"])["Attributes"]["ApproximateNumberOfMessages"] == "0")

    def test_a_stream_is_read_from_its_beginning(self):
        self.noting("streamed", "stream", "stream-notes")
        self.table("source", StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"})
        arn = self.dynamodb.describe_table(TableName="source")["Table"]["LatestStreamArn"]
        self.dynamodb.put_item(TableName="source", Item={"id": {"S": "a"}})
        made = self.functions.create_event_source_mapping(EventSourceArn=arn, FunctionName="streamed",
                                                          StartingPosition="TRIM_HORIZON")
        self.assertEqual(made["LastProcessingResult"], "No records processed")
        self.dynamodb.delete_item(TableName="source", Key={"id": {"S": "a"}})
        until("both records", lambda: {"INSERT:a", "REMOVE:a"} <= set(self.notes("stream-notes")))
        until("OK", lambda: self.functions.get_event_source_mapping(UUID=made["UUID"])["LastProcessingResult"] == "OK")

    def test_a_failed_batch_of_a_stream_goes_to_its_destination(self):
        url, queue = self.queue("bad-batches")
        self.noting("breaks", "fails", "breaks-notes")
        self.table("broken", StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"})
        arn = self.dynamodb.describe_table(TableName="broken")["Table"]["LatestStreamArn"]
        self.functions.create_event_source_mapping(
            EventSourceArn=arn, FunctionName="breaks", StartingPosition="LATEST", MaximumRetryAttempts=1,
            DestinationConfig={"OnFailure": {"Destination": queue}})
        self.dynamodb.put_item(TableName="broken", Item={"id": {"S": "a"}})
        letter = json.loads(self.receive(url)["Body"])
        self.assertEqual(letter["requestContext"]["condition"], "RetryAttemptsExhausted")
        self.assertEqual(letter["requestContext"]["approximateInvokeCount"], 2)
        self.assertEqual(letter["DDBStreamBatchInfo"]["streamArn"], arn)

    def test_the_end_of_an_asynchronous_invocation_is_told(self):
        good_url, good = self.queue("good")
        bad_url, bad = self.queue("bad")
        letters_url, letters = self.queue("letters")
        self.function("ends-well")
        self.noting("ends-badly", "fails", "ends-notes", DeadLetterConfig={"TargetArn": letters})
        self.functions.put_function_event_invoke_config(FunctionName="ends-well",
                                                        DestinationConfig={"OnSuccess": {"Destination": good}})
        put = self.functions.put_function_event_invoke_config(
            FunctionName="ends-badly", MaximumRetryAttempts=0, DestinationConfig={"OnFailure": {"Destination": bad}})
        self.assertTrue(put["FunctionArn"].endswith(":$LATEST"))
        ids = {}
        for name in ("ends-well", "ends-badly"):
            reply = self.functions.invoke(FunctionName=name, InvocationType="Event", Payload=b'{"who": 1}')
            self.assertEqual(reply["StatusCode"], 202)
            ids[name] = reply["ResponseMetadata"]["RequestId"]
        record = json.loads(self.receive(good_url)["Body"])
        self.assertEqual((record["requestContext"]["condition"], record["requestContext"]["requestId"]),
                         ("Success", ids["ends-well"]))
        self.assertEqual(record["responsePayload"]["event"], {"who": 1})
        record = json.loads(self.receive(bad_url)["Body"])
        self.assertEqual(record["requestContext"]["condition"], "RetriesExhausted")
        self.assertEqual(record["responsePayload"]["errorType"], "ValueError")
        letter = self.receive(letters_url)
        self.assertEqual(json.loads(letter["Body"]), {"who": 1})
        self.assertEqual(letter["MessageAttributes"]["RequestID"]["StringValue"], ids["ends-badly"])
        self.assertEqual(letter["MessageAttributes"]["ErrorMessage"]["StringValue"], "no good")

    def test_the_command_line_manages_mappings(self):
        _, arn = self.queue("cli")
        self.function("cli")
        made = self.emu.aws("lambda", "create-event-source-mapping", "--function-name", "cli", "--event-source-arn", arn,
                            "--batch-size", "3", "--no-enabled", "--filter-criteria",
                            '{"Filters": [{"Pattern": "{\\"body\\": [\\"x\\"]}"}]}')
        self.assertEqual((made["State"], made["BatchSize"]), ("Disabled", 3))
        changed = self.emu.aws("lambda", "update-event-source-mapping", "--uuid", made["UUID"], "--enabled")
        self.assertEqual(changed["State"], "Enabling")
        listed = self.emu.aws("lambda", "list-event-source-mappings", "--event-source-arn", arn)
        self.assertEqual([m["UUID"] for m in listed["EventSourceMappings"]], [made["UUID"]])
        self.assertEqual(self.emu.aws("lambda", "delete-event-source-mapping", "--uuid", made["UUID"])["State"], "Deleting")
        message = self.refused("InvalidParameterValueException", self.functions.create_event_source_mapping,
                               FunctionName="none", EventSourceArn=arn)
        self.assertEqual(message, "Function does not exist")


if __name__ == "__main__":
    unittest.main()
