"""Function processes are killed at random while asynchronous invocations and messages of a mapped queue are under way.
Every accepted event ends, in its success or its failure destination, or as a handled message or a dead letter, counted.

    EMU_CHAOS=300 tests/compat/events_chaos_test.py     # seconds; a longer run
"""
import contextlib
import json
import os
import random
import signal
import time
import unittest

from daemon import WithEmu, until, zipped
from functions import ROLE

SECONDS = float(os.environ.get("EMU_CHAOS", "8"))
PAUSE = 0.05  # between kills, on average
ASYNCHRONOUS = """
import time

def handler(event, context):
    time.sleep(0.02)
    return event["n"]
"""
MESSAGE = """
import time, boto3

sqs = boto3.client("sqs")
handled = sqs.get_queue_url(QueueName="handled")["QueueUrl"]

def handler(event, context):
    for record in event["Records"]:
        time.sleep(0.005)
        sqs.send_message(QueueUrl=handled, MessageBody=record["body"])
"""


class Chaos(WithEmu):
    def queue(self, name, **attributes):
        url = self.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        return url, self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]

    def prepare(self):
        self.sqs, self.functions = self.emu.client("sqs"), self.emu.client("lambda")
        _, good = self.queue("good")
        _, bad = self.queue("bad")
        _, letters = self.queue("letters")
        self.queue("handled")
        self.work, work = self.queue("work", VisibilityTimeout="5", RedrivePolicy=json.dumps(
            {"deadLetterTargetArn": letters, "maxReceiveCount": 2}))
        for name, code, timeout in (("asynchronous", ASYNCHRONOUS, 60), ("message", MESSAGE, 5)):
            self.functions.create_function(FunctionName=name, Runtime="python3.11", Role=ROLE, Handler="app.handler",
                                           Code={"ZipFile": zipped({"app.py": code})}, Timeout=timeout)
            self.functions.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 1})
        self.functions.put_function_event_invoke_config(
            FunctionName="asynchronous", MaximumRetryAttempts=0,
            DestinationConfig={"OnSuccess": {"Destination": good}, "OnFailure": {"Destination": bad}})
        self.functions.create_event_source_mapping(FunctionName="message", EventSourceArn=work)

    def bodies(self, name):
        url = self.sqs.get_queue_url(QueueName=name)["QueueUrl"]
        out = []
        while messages := self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            out += [json.loads(m["Body"]) for m in messages]
            self.sqs.delete_message_batch(QueueUrl=url, Entries=[{"Id": str(n), "ReceiptHandle": m["ReceiptHandle"]}
                                                                 for n, m in enumerate(messages)])
        return out

    def rage(self, chance):
        """Sends events, and kills some child of the daemon now and then, for SECONDS: how many were sent and killed."""
        sent, killed, end = 0, 0, time.monotonic() + SECONDS
        next_kill = time.monotonic() + PAUSE
        while time.monotonic() < end:
            sent += 1
            self.functions.invoke(FunctionName="asynchronous", InvocationType="Event", Payload=json.dumps({"n": sent}))
            self.sqs.send_message(QueueUrl=self.work, MessageBody=str(sent))
            if time.monotonic() < next_kill:
                continue
            next_kill = time.monotonic() + chance.uniform(0, 2 * PAUSE)
            children = list(self.emu.children())
            if children:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(chance.choice(children), signal.SIGKILL)
                    killed += 1
        return sent, killed

    def test_every_accepted_event_ends(self):
        self.prepare()
        sent, killed = self.rage(random.Random(1))
        self.assertGreater(killed, 10)
        everything = set(range(1, sent + 1))
        good, bad, handled = set(), set(), set()

        def invoked():
            good.update(r["requestPayload"]["n"] for r in self.bodies("good"))
            bad.update(r["requestPayload"]["n"] for r in self.bodies("bad"))
            return good | bad == everything

        until("the end of every invocation", invoked, 120)
        self.assertEqual(good & bad, set())

        def received():
            handled.update(self.bodies("handled"))
            handled.update(self.bodies("letters"))
            return handled == everything

        until("the end of every message", received, 120)
        until("an empty queue", lambda: self.sqs.get_queue_attributes(
            QueueUrl=self.work, AttributeNames=["All"])["Attributes"]["ApproximateNumberOfMessages"] == "0")


if __name__ == "__main__":
    unittest.main()
