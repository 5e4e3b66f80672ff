"""kill -9 amid asynchronous invocations, a mapped queue and a mapped stream. Clients note what was acknowledged and the one
request that was not answered. After the last kill every accepted event has ended: in its success destination, its failure
destination, as a handled message or a dead letter, or as a change that the function noted; none is lost, none was made up.
At least once, so some may be there twice.

    EMU_KILLS=20 tests/compat/events_durability_test.py     # a longer run
"""
import json
import os
import tempfile
import threading
import unittest
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from daemon import Daemon, until, zipped
from functions import ROLE
from offline import verified

KILLS = int(os.environ.get("EMU_KILLS", "2"))
ROUND = 60  # requests of each client before a kill
# A message that was with the function when the daemon died has been received for nothing, and on a slow machine so has one
# whose lease ended before the function's cold start did.
RECEIVES = KILLS + 3
# What times out on a slow machine is no failure that was asked for: only the module that needs the SDK imports it, and
# only the queue's function, whose messages stay hidden as long, has little time.
TIMEOUTS = {"asynchronous": 60, "message": 3, "change": 60}
CHANGE = """
import boto3

seen = boto3.resource("dynamodb").Table("seen")

def change(event, context):
    with seen.batch_writer() as batch:
        for key in {r["dynamodb"]["Keys"]["id"]["S"] for r in event["Records"]}:
            batch.put_item(Item={"id": key})
"""
CODE = """
def asynchronous(event, context):
    if event["n"] % 3 == 0:
        raise ValueError("as asked")
    return event["n"]

def message(event, context):
    failed = [r["messageId"] for r in event["Records"] if int(r["body"]) % 3 == 0]
    return {"batchItemFailures": [{"itemIdentifier": i} for i in failed]}
"""


class Client(threading.Thread):
    """Makes numbered requests until the daemon dies."""

    def __init__(self, emu, life):
        super().__init__()
        self.functions, self.sqs, self.tables = emu.client("lambda"), emu.client("sqs"), emu.client("dynamodb")
        self.next, self.accepted, self.doubt, self.refused = life * 1_000_000, set(), None, None

    def run(self):
        try:
            while True:
                self.next += 1
                self.doubt = self.next
                self.step(self.next)
                self.accepted.add(self.next)
                self.doubt = None
        except ClientError as error:
            self.refused = error
        except BotoCoreError:  # the daemon is dead
            pass


class Invoker(Client):
    def step(self, n):
        self.functions.invoke(FunctionName="asynchronous", InvocationType="Event", Payload=json.dumps({"n": n}))


class Sender(Client):
    def step(self, n):
        self.sqs.send_message(QueueUrl=self.sqs.get_queue_url(QueueName="work")["QueueUrl"], MessageBody=str(n))


class Writer(Client):
    def step(self, n):
        self.tables.put_item(TableName="changed", Item={"id": {"S": str(n)}})


CLIENTS = (Invoker, Sender, Writer)


def drained(sqs, name):
    """The bodies of all messages of a queue; deletes them."""
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    out = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1).get("Messages"):
        out += [m["Body"] for m in messages]
        sqs.delete_message_batch(QueueUrl=url, Entries=[{"Id": str(n), "ReceiptHandle": m["ReceiptHandle"]}
                                                        for n, m in enumerate(messages)])
    return out


class Killed(unittest.TestCase):
    def create(self, emu):
        sqs, functions = emu.client("sqs"), emu.client("lambda")
        arns = {}
        for name in ("good", "bad", "letters"):
            url = sqs.create_queue(QueueName=name)["QueueUrl"]
            arns[name] = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        url = sqs.create_queue(QueueName="work", Attributes={
            "VisibilityTimeout": "3", "RedrivePolicy": json.dumps({"deadLetterTargetArn": arns["letters"], "maxReceiveCount": RECEIVES})})
        work = sqs.get_queue_attributes(QueueUrl=url["QueueUrl"], AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        tables = emu.client("dynamodb")
        for name, more in (("seen", {}), ("changed", {"StreamSpecification": {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}})):
            tables.create_table(TableName=name, KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}], BillingMode="PAY_PER_REQUEST",
                                AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}], **more)
        stream = tables.describe_table(TableName="changed")["Table"]["LatestStreamArn"]
        for name, timeout in TIMEOUTS.items():
            functions.create_function(FunctionName=name, Runtime="python3.11", Role=ROLE, Handler=f"app.{name}", Timeout=timeout,
                                      Code={"ZipFile": zipped({"app.py": CHANGE if name == "change" else CODE})})
            functions.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 1})
        functions.put_function_event_invoke_config(
            FunctionName="asynchronous", MaximumRetryAttempts=0,
            DestinationConfig={"OnSuccess": {"Destination": arns["good"]}, "OnFailure": {"Destination": arns["bad"]}})
        functions.create_event_source_mapping(FunctionName="message", EventSourceArn=work,
                                              FunctionResponseTypes=["ReportBatchItemFailures"])
        functions.create_event_source_mapping(FunctionName="change", EventSourceArn=stream, StartingPosition="LATEST",
                                              ParallelizationFactor=2, BatchSize=7)

    def test_everything_accepted_ends(self):
        accepted = {kind: set() for kind in CLIENTS}
        doubted = {kind: set() for kind in CLIENTS}
        with tempfile.TemporaryDirectory(prefix="emu-event-kills-") as folder:
            data = Path(folder) / "data"
            for life in range(1, KILLS + 1):
                with Daemon(data=data) as emu:
                    if life == 1:
                        self.create(emu)
                    clients = [kind(emu, life) for kind in CLIENTS]
                    for client in clients:
                        client.start()
                    until("the load", lambda: all(len(c.accepted) >= ROUND or c.refused for c in clients))
                    emu.process.kill()
                    emu.process.wait()
                    for client in clients:
                        client.join()
                        self.assertIsNone(client.refused)
                        accepted[type(client)] |= client.accepted
                        doubted[type(client)] |= {client.doubt} - {None}
                verified(data)
            with Daemon(data=data) as emu:
                self.compare(emu, accepted, doubted)

    def compare(self, emu, accepted, doubted):
        sqs = emu.client("sqs")
        ended = {"good": set(), "bad": set()}

        def all_ended():
            for name, numbers in ended.items():
                numbers |= {json.loads(body)["requestPayload"]["n"] for body in drained(sqs, name)}
            return accepted[Invoker] <= ended["good"] | ended["bad"]

        until("the end of every invocation", all_ended, 60)
        self.assertEqual(ended["good"] & ended["bad"], set())
        self.assertEqual({n for n in ended["bad"] if n % 3}, set())
        self.assertEqual((ended["good"] | ended["bad"]) - accepted[Invoker] - doubted[Invoker], set(), "made up")
        self.compare_messages(sqs, accepted[Sender], doubted[Sender])
        tables = emu.client("dynamodb")

        def seen():
            pages = tables.get_paginator("scan").paginate(TableName="seen")
            return {int(item["id"]["S"]) for page in pages for item in page["Items"]}

        until("every change seen", lambda: accepted[Writer] <= seen(), 60)
        self.assertEqual(seen() - accepted[Writer] - doubted[Writer], set(), "made up")

    def compare_messages(self, sqs, accepted, doubted):
        letters = set()
        url = sqs.get_queue_url(QueueName="work")["QueueUrl"]

        def left():
            letters.update(int(body) for body in drained(sqs, "letters"))
            counts = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
            return sum(int(counts[f"ApproximateNumberOfMessages{which}"]) for which in ("", "NotVisible", "Delayed"))

        until("every message handled", lambda: left() == 0, 90)
        left()
        expected = {n for n in accepted if n % 3 == 0}
        self.assertEqual(expected - letters, set(), "failed messages that are no dead letters")
        self.assertEqual({n for n in letters - doubted if n not in expected}, set(), "dead letters that succeeded")


if __name__ == "__main__":
    unittest.main()
