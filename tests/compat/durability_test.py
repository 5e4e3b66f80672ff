"""kill -9 in the middle of writes: what was acknowledged is there, and no function outlives the daemon."""
import tempfile
import threading
import time
import unittest
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from daemon import Daemon, running, until
from functions import PYTHON, ROLE, zipped


def write_until_dead(emu, acknowledged, writer):
    dynamodb = emu.client("dynamodb")
    for n in range(1_000_000):
        key = f"{writer}-{n}"
        try:
            dynamodb.put_item(TableName="writes", Item={"pk": {"S": key}, "n": {"N": str(n)}})
        except (BotoCoreError, ClientError):
            return
        acknowledged.append(key)


class Killed(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="emu-durability-")
        self.addCleanup(folder.cleanup)
        self.data = Path(folder.name) / "data"

    def load(self, emu):
        """Four writers, the daemon killed once each has written a hundred; the keys that were acknowledged."""
        acknowledged = [[] for _ in range(4)]
        writers = [threading.Thread(target=write_until_dead, args=(emu, keys, n)) for n, keys in enumerate(acknowledged)]
        for writer in writers:
            writer.start()
        until("a hundred writes each", lambda: all(len(keys) >= 100 for keys in acknowledged))
        emu.process.kill()
        emu.process.wait()
        for writer in writers:
            writer.join()
        return [key for keys in acknowledged for key in keys]

    def test_every_acknowledged_put_is_there_after_the_restart(self):
        acknowledged = []
        for life in range(2):
            with Daemon(data=self.data) as emu:
                dynamodb = emu.client("dynamodb")
                if life == 0:
                    dynamodb.create_table(TableName="writes", BillingMode="PAY_PER_REQUEST",
                                          KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
                                          AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}])
                acknowledged += self.load(emu)
        with Daemon(data=self.data) as emu:
            pages = emu.client("dynamodb").get_paginator("scan").paginate(TableName="writes", ProjectionExpression="pk")
            there = {item["pk"]["S"] for page in pages for item in page["Items"]}
        self.assertEqual(set(acknowledged) - there, set())
        self.assertGreaterEqual(len(acknowledged), 800)

    def test_function_processes_end_within_two_seconds_of_the_daemons_death(self):
        with Daemon(data=self.data) as emu:
            functions = emu.client("lambda")
            pids = []
            for name, handler in (("idle", "app.handler"), ("busy", "app.sleeps")):
                functions.create_function(FunctionName=name, Runtime="python3.11", Role=ROLE, Handler=handler, Timeout=60,
                                          Code={"ZipFile": zipped({"app.py": PYTHON})})
                functions.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 10})
                functions.invoke(FunctionName=name, Payload=b'{"seconds":0}')
            functions.invoke(FunctionName="busy", InvocationType="Event", Payload=b'{"seconds":50}')
            pids = list(emu.children())
            self.assertGreaterEqual(len(pids), 2)
            emu.process.kill()
            emu.process.wait()
            until("the functions end", lambda: not any(running(pid) for pid in pids), limit=2)
            # The data directory is free again and the functions are still known.
            emu.start()
            self.assertEqual(emu.client("lambda").invoke(FunctionName="idle")["StatusCode"], 200)


class FullDisk(Daemon):
    """A daemon whose data directory is a file system of its own, of 8 MB, which nobody else sees."""

    def command(self):
        return ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c",
                'mount -t tmpfs -o size=8m tmpfs "$0" && exec "$@"', str(self.data), *super().command()]


class Full(unittest.TestCase):
    def test_a_full_disk_refuses_writes_and_the_daemon_lives_on(self):
        for durability in ("process", "sync"):
            with self.subTest(durability):
                self.fill(["--durability", durability])

    def fill(self, options):
        with tempfile.TemporaryDirectory(prefix="emu-full-") as folder, FullDisk(data=folder, options=options) as emu:
            dynamodb = emu.client("dynamodb")
            dynamodb.create_table(TableName="writes", BillingMode="PAY_PER_REQUEST",
                                  KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
                                  AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}])
            written, refused = [], 0
            for n in range(200):
                try:
                    dynamodb.put_item(TableName="writes", Item={"pk": {"S": str(n)}, "text": {"S": "x" * 200_000}})
                    written.append(n)
                except ClientError as error:
                    self.assertEqual(error.response["ResponseMetadata"]["HTTPStatusCode"], 500)
                    refused += 1
            self.assertGreater(len(written), 5)
            self.assertGreater(refused, 5)
            time.sleep(0.3)  # the log is synced every 100 ms
            for n in written:
                self.assertIn("Item", dynamodb.get_item(TableName="writes", Key={"pk": {"S": str(n)}}))
            self.assertEqual(emu.stop(), 0)


if __name__ == "__main__":
    unittest.main()
