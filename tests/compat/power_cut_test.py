"""A power cut, as far as one can have it without a machine to cut: the daemon is killed, then every file loses what was
never forced to the medium. What the daemon forced, power_cut.cpp has noted in the daemon itself. With --durability sync
nothing acknowledged may be missing; without it something is, which shows that the cut cuts.

Not shown: directories are taken to be as they were, and the disk to keep what it says it has.
"""
import os
import random
import shutil
import tempfile
import threading
import unittest
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from daemon import EMU, Daemon, until
from functions import PYTHON, ROLE, zipped
from offline import verified

SHIM = Path(EMU).parent / "libpower_cut.so"
WRITERS, WRITES = 8, 60


def synced(notes):
    """path -> bytes that are on the medium."""
    sizes = {}
    for line in notes.read_text().splitlines():
        size, path = line.split(" ", 1)
        sizes[path] = max(int(size), sizes.get(path, 0))
    return sizes


def cut(data, notes, rng):
    """Takes from every file what may be lost: all that was not forced, some of it, or its bytes but not its length."""
    sizes = synced(notes)
    renamed = max((size for path, size in sizes.items() if path.endswith(".dbtmp")), default=0)
    for path in (p for folder in ("db", "code") for p in (data / folder).rglob("*") if p.is_file()):
        kept, length = sizes.get(str(path), 0), path.stat().st_size
        if path.name == "CURRENT":  # written and forced under another name
            kept = renamed
        if path.name == "code.zip":
            kept = next((size for name, size in sizes.items() if name.endswith("/code.zip")), 0)
        if kept >= length:
            continue
        kind = rng.choice(("all", "some", "bytes"))
        os.truncate(path, kept if kind == "all" else rng.randint(kept, length))
        if kind == "bytes":
            os.truncate(path, length)
    shutil.rmtree(data / "run", ignore_errors=True)


def write_until_dead(emu, acknowledged, writer):
    dynamodb = emu.client("dynamodb")
    for n in range(1_000_000):
        key = f"{writer}-{n}"
        try:
            dynamodb.put_item(TableName="writes", Item={"pk": {"S": key}, "day": {"S": str(n % 7)}})
        except (BotoCoreError, ClientError):
            return
        acknowledged.append(key)


class PowerCut(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="emu-power-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.data, self.notes = self.folder / "data", self.folder / "syncs"
        self.rng = random.Random(4566)

    def daemon(self, durability):
        return Daemon(data=self.data, options=["--durability", durability],
                      environment={"LD_PRELOAD": str(SHIM), "EMU_SYNCS": str(self.notes)})

    def kept(self, emu):
        pages = emu.client("dynamodb").get_paginator("scan").paginate(TableName="writes", ProjectionExpression="pk")
        return {item["pk"]["S"] for page in pages for item in page["Items"]}

    def life(self, durability, first):
        """Writes until the power is cut; the keys that were acknowledged, and the syncs that took."""
        acknowledged = [[] for _ in range(WRITERS)]
        with self.daemon(durability) as emu:
            if first:
                emu.client("dynamodb").create_table(
                    TableName="writes", BillingMode="PAY_PER_REQUEST",
                    KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
                    AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "day")],
                    GlobalSecondaryIndexes=[{"IndexName": "by_day", "Projection": {"ProjectionType": "ALL"},
                                             "KeySchema": [{"AttributeName": "day", "KeyType": "HASH"}]}])
            before = len(self.notes.read_text().splitlines())
            writers = [threading.Thread(target=write_until_dead, args=(emu, keys, f"{self.rng.random()}-{n}"))
                       for n, keys in enumerate(acknowledged)]
            for writer in writers:
                writer.start()
            until("the writes", lambda: all(len(keys) >= WRITES for keys in acknowledged))
            emu.process.kill()
            emu.process.wait()
            for writer in writers:
                writer.join()
        syncs = len(self.notes.read_text().splitlines()) - before
        cut(self.data, self.notes, self.rng)
        return {key for keys in acknowledged for key in keys}, syncs

    def test_with_durability_sync_no_acknowledged_write_is_lost(self):
        acknowledged = set()
        for life in range(3):
            more, syncs = self.life("sync", life == 0)
            acknowledged |= more
            self.assertLess(syncs, len(more), "writers share syncs")
            self.assertTrue(verified(self.data)["sound"])
            with self.daemon("sync") as emu:
                self.assertEqual(acknowledged - self.kept(emu), set())

    def test_without_it_the_latest_writes_are_lost_and_the_rest_is_whole(self):
        for life in range(10):
            shutil.rmtree(self.data, ignore_errors=True)
            self.notes.unlink(missing_ok=True)
            acknowledged, _ = self.life("process", True)
            if self.lost(acknowledged):
                return
        self.fail("ten power cuts lost nothing: the cut does not cut")

    def lost(self, acknowledged):
        self.assertTrue(verified(self.data)["sound"])
        with self.daemon("process") as emu:
            dynamodb = emu.client("dynamodb")
            return "writes" not in dynamodb.list_tables()["TableNames"] or acknowledged - self.kept(emu)

    def test_a_function_that_was_acknowledged_has_its_code(self):
        with self.daemon("sync") as emu:
            functions = emu.client("lambda")
            functions.create_function(FunctionName="kept", Runtime="python3.11", Role=ROLE, Handler="app.handler",
                                      Code={"ZipFile": zipped({"app.py": PYTHON})})
            emu.process.kill()
            emu.process.wait()
        cut(self.data, self.notes, self.rng)
        with self.daemon("sync") as emu:
            functions = emu.client("lambda")
            functions.get_waiter("function_active_v2").wait(FunctionName="kept", WaiterConfig={"Delay": 1, "MaxAttempts": 10})
            reply = functions.invoke(FunctionName="kept", Payload=b'{"n":1}')
            self.assertNotIn("FunctionError", reply)


if __name__ == "__main__":
    unittest.main()
