"""kill -9 again and again under load: producers, consumers and dead letters. Everybody notes what was acknowledged, and
the one request that was not answered. After each kill emu verify looks at the directory, and the next daemon must have
every message that was sent and not deleted, none that was deleted, each received as often as was told, and every group
of the FIFO queue in order.

    EMU_KILLS=30 tests/compat/sqs_durability_test.py     # a longer run
"""
import os
import tempfile
import threading
import unittest
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from daemon import Daemon, until
from offline import verified

KILLS = int(os.environ.get("EMU_KILLS", "2"))
ROUND = 40  # requests of each client before a kill
PAIRS = 2  # producers, and as many consumers, of each queue
TIMEOUT = 2  # seconds a received message stays hidden


class Client(threading.Thread):
    """Makes requests until the daemon dies. `doubt` is what the request without an answer would have done."""

    def __init__(self, emu, queue):
        super().__init__()
        self.sqs = emu.client("sqs")
        self.url = self.sqs.get_queue_url(QueueName=queue)["QueueUrl"]
        self.requests, self.refused, self.doubt = 0, None, None
        self.prepare()

    def prepare(self):
        pass

    def run(self):
        try:
            while True:
                self.step()
                self.requests += 1
                self.doubt = None
        except ClientError as error:
            self.refused = error
        except BotoCoreError:  # the daemon is dead
            pass


class Producer(Client):
    """Sends numbered messages, now one, now ten; to a FIFO queue in a group of its own."""

    def __init__(self, emu, queue, name):
        self.name_of_messages, self.sent, self.next = name, [], 0
        super().__init__(emu, queue)

    def message(self):
        self.next += 1
        more = {}
        if self.url.endswith(".fifo"):
            more = {"MessageGroupId": self.name_of_messages, "MessageDeduplicationId": f"{self.name_of_messages}-{self.next}"}
        return {"MessageBody": f"{self.name_of_messages}:{self.next}", **more}

    def step(self):
        if self.requests % 3 == 2:
            entries = [{"Id": str(n), **self.message()} for n in range(10)]
            self.doubt = [entry["MessageBody"] for entry in entries]
            self.sqs.send_message_batch(QueueUrl=self.url, Entries=entries)
        else:
            message = self.message()
            self.doubt = [message["MessageBody"]]
            self.sqs.send_message(QueueUrl=self.url, **message)
        self.sent += self.doubt


class Consumer(Client):
    """Receives, and deletes of what it received the half."""

    def prepare(self):
        self.received, self.deleted, self.unanswered = {}, set(), 0

    def step(self):
        self.doubt, self.unanswered = [], 1
        messages = self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=5, AttributeNames=["ApproximateReceiveCount"]
                                            ).get("Messages", [])
        self.unanswered = 0
        for message in messages:
            body = message["Body"]
            self.received[body] = max(self.received.get(body, 0), int(message["Attributes"]["ApproximateReceiveCount"]))
        for message in messages[:len(messages) // 2]:
            self.doubt = [message["Body"]]
            self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
            self.deleted.add(message["Body"])


class Poisoned(Producer):
    """Sends messages and receives them more often than they may be, so that they become dead letters."""

    def step(self):
        super().step()
        self.doubt = []
        self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10, VisibilityTimeout=0)


def drained(sqs, name, test, counted=True):
    """Every message of the queue, in order: [(body, receive count)]. Deletes them; the counts of the queue agree, unless
    some become dead letters on the way."""
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    expected = sum(int(attributes[f"ApproximateNumberOfMessages{which}"]) for which in ("", "NotVisible", "Delayed"))
    out = []
    while not counted or len(out) < expected:
        messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=TIMEOUT + 1, VisibilityTimeout=60,
                                       AttributeNames=["ApproximateReceiveCount"]).get("Messages")
        if not messages:
            break
        out += [(m["Body"], int(m["Attributes"]["ApproximateReceiveCount"])) for m in messages]
        sqs.delete_message_batch(QueueUrl=url, Entries=[{"Id": str(n), "ReceiptHandle": m["ReceiptHandle"]}
                                                        for n, m in enumerate(messages)])
    if counted:
        test.assertEqual(len(out), expected, f"ApproximateNumberOfMessages of {name}")
    return out


class Killed(unittest.TestCase):
    def test_what_was_acknowledged_is_there_and_all_agrees_after_every_kill(self):
        with tempfile.TemporaryDirectory(prefix="emu-sqs-kills-") as folder:
            for life in range(KILLS):
                with self.subTest(life=life):
                    self.life(Path(folder) / "data", life)

    def create(self, sqs):
        timeout = {"VisibilityTimeout": str(TIMEOUT)}
        sqs.create_queue(QueueName="work", Attributes=timeout)
        sqs.create_queue(QueueName="ordered.fifo", Attributes={"FifoQueue": "true", **timeout})
        letters = sqs.create_queue(QueueName="letters")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=letters, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        sqs.create_queue(QueueName="poison", Attributes={
            "RedrivePolicy": '{"deadLetterTargetArn": "%s", "maxReceiveCount": 2}' % arn})

    def life(self, data, life):
        with Daemon(data=data) as emu:
            if life == 0:
                self.create(emu.client("sqs"))
            queues = {name: ([Producer(emu, name, f"{life}-{n}") for n in range(PAIRS)], [Consumer(emu, name) for _ in range(PAIRS)])
                      for name in ("work", "ordered.fifo")}
            poisoned = [Poisoned(emu, "poison", f"{life}-p{n}") for n in range(PAIRS)]
            clients = [client for pair in queues.values() for some in pair for client in some] + poisoned
            for client in clients:
                client.start()
            until("the load", lambda: all(c.requests >= ROUND or c.refused for c in clients))
            emu.process.kill()
            emu.process.wait()
            for client in clients:
                client.join()
        self.assertEqual([c.refused for c in clients if c.refused], [])
        verified(data)
        with Daemon(data=data) as emu:
            sqs = emu.client("sqs")
            for name, (producers, consumers) in queues.items():
                self.compare(drained(sqs, name, self), producers, consumers)
            self.compare_letters(drained(sqs, "poison", self, counted=False), drained(sqs, "letters", self), poisoned)
            emu.process.kill()
            emu.process.wait()
        counts = verified(data)["counts"]
        self.assertEqual(counts.get("messages", 0), 0)

    def compare(self, left, producers, consumers):
        bodies = [body for body, _ in left]
        self.assertEqual(len(bodies), len(set(bodies)), "a message is there twice")
        sent = {body for p in producers for body in p.sent}
        perhaps_sent = {body for p in producers for body in p.doubt or []}
        deleted = {body for c in consumers for body in c.deleted}
        perhaps_deleted = {body for c in consumers for body in c.doubt or []}
        self.assertEqual(sent - deleted - perhaps_deleted - set(bodies), set(), "lost")
        self.assertEqual(set(bodies) & deleted, set(), "deleted and back")
        self.assertEqual(set(bodies) - sent - perhaps_sent, set(), "never sent")
        unanswered = sum(c.unanswered for c in consumers)
        for body, count in left:
            told = max(c.received.get(body, 0) for c in consumers)
            self.assertTrue(told + 1 <= count <= told + 1 + unanswered, f"{body}: received {count} times, told {told}")
        if producers[0].url.endswith(".fifo"):
            for producer in producers:
                own = [int(body.split(":")[1]) for body in bodies if body.startswith(producer.name_of_messages + ":")]
                self.assertEqual(own, sorted(own), "order of a group")

    def compare_letters(self, waiting, letters, poisoned):
        bodies = [body for body, _ in waiting + letters]
        self.assertEqual(len(bodies), len(set(bodies)), "a message is in both queues")
        sent = {body for p in poisoned for body in p.sent}
        perhaps = {body for p in poisoned for body in p.doubt or []}
        self.assertEqual(sent - set(bodies), set(), "lost on its way to the dead letters")
        self.assertEqual(set(bodies) - sent - perhaps, set())
        self.assertGreater(len(letters), 0)
        self.assertEqual({count for _, count in letters}, {3})


if __name__ == "__main__":
    unittest.main()
