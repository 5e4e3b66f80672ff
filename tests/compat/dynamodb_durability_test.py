"""kill -9 again and again under mixed load. Every writer knows what its items must be: as acknowledged last, or, of the
one request that was not answered, as before or as after it. After each kill emu verify looks at the directory, where
items, indexes and streams must agree, and the next daemon is asked for every item.

    EMU_KILLS=30 tests/compat/dynamodb_durability_test.py     # a longer run; EMU_SEED=n repeats one
"""
import os
import random
import tempfile
import threading
import unittest
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from daemon import Daemon, until
from offline import verified

KILLS = int(os.environ.get("EMU_KILLS", "3"))
SEED = int(os.environ.get("EMU_SEED", "4566"))
WRITERS, KEYS, ROUND = 6, 40, 120  # items of each writer; requests of each writer before a kill
TABLE = {
    "TableName": "items", "BillingMode": "PAY_PER_REQUEST",
    "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    "AttributeDefinitions": [{"AttributeName": name, "AttributeType": kind}
                             for name, kind in (("pk", "S"), ("sk", "N"), ("day", "S"), ("n", "N"))],
    "GlobalSecondaryIndexes": [{"IndexName": "by_day", "Projection": {"ProjectionType": "ALL"},
                                "KeySchema": [{"AttributeName": "day", "KeyType": "HASH"},
                                              {"AttributeName": "n", "KeyType": "RANGE"}]},
                               {"IndexName": "sparse", "Projection": {"ProjectionType": "KEYS_ONLY"},
                                "KeySchema": [{"AttributeName": "n", "KeyType": "HASH"}]}],
    "LocalSecondaryIndexes": [{"IndexName": "local", "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"},
                                                                   {"AttributeName": "day", "KeyType": "RANGE"}],
                               "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["n"]}}],
}


class Writer(threading.Thread):
    """The only one that writes its items. `items` is what was acknowledged; `doubt` the items that the request without
    an answer would have made, {} if none is open. In a transaction all of them are as before, or all as after."""

    def __init__(self, number, seed):
        self.number, self.rng = number, random.Random(seed)
        self.items, self.doubt, self.atomic, self.requests, self.refused = {}, {}, False, 0, None

    def begin(self, emu):
        super().__init__()
        self.dynamodb = emu.client("dynamodb")
        self.start()

    def key(self, n):
        return {"pk": {"S": f"writer-{self.number}-{n % 5}"}, "sk": {"N": str(n)}}

    def item(self, n):
        out = {**self.key(n), "text": {"S": "x" * self.rng.randint(0, 300)}}
        if self.rng.random() < 0.8:
            out["day"] = {"S": self.rng.choice(("mon", "tue", "wed"))}
        if self.rng.random() < 0.8:
            out["n"] = {"N": str(self.rng.randint(-5, 5))}
        if self.rng.random() < 0.5:
            out["expires"] = {"N": str(4_000_000_000 + self.rng.randint(0, 3))}
        return out

    def run(self):
        while self.step():
            self.requests += 1

    def step(self):
        self.atomic = False
        request = self.rng.choice((self.put, self.put, self.update, self.delete, self.batch, self.transact))
        call, parameters, self.doubt = request()
        try:
            getattr(self.dynamodb, call)(**parameters)
        except ClientError as error:
            self.refused = error
            return False
        except BotoCoreError:  # the daemon is dead
            return False
        for n, item in self.doubt.items():
            self.items[n] = item
        self.doubt = {}
        return True

    def some(self):
        return self.rng.randrange(KEYS)

    def put(self):
        n = self.some()
        item = self.item(n)
        return "put_item", {"TableName": "items", "Item": item}, {n: item}

    def update(self):
        """Counts, upon the condition that the count is what it must be."""
        n = self.some()
        was = self.items.get(n) or {}
        now = {**(was or self.key(n)), "n": {"N": str(int(was.get("n", {"N": "0"})["N"]) + 1)}}
        condition = "n = :was" if "n" in was else "attribute_not_exists(n)"
        values = {":now": now["n"], **({":was": was["n"]} if "n" in was else {})}
        return "update_item", {"TableName": "items", "Key": self.key(n), "UpdateExpression": "SET n = :now",
                               "ConditionExpression": condition, "ExpressionAttributeValues": values}, {n: now}

    def delete(self):
        n = self.some()
        return "delete_item", {"TableName": "items", "Key": self.key(n)}, {n: None}

    def batch(self):
        changes = {n: self.item(n) if self.rng.random() < 0.7 else None for n in self.rng.sample(range(KEYS), 25)}
        requests = [{"PutRequest": {"Item": item}} if item else {"DeleteRequest": {"Key": self.key(n)}}
                    for n, item in changes.items()]
        return "batch_write_item", {"RequestItems": {"items": requests}}, changes

    def transact(self):
        self.atomic = True
        changes = {n: self.item(n) if self.rng.random() < 0.7 else None for n in self.rng.sample(range(KEYS), 6)}
        requests = [{"Put": {"TableName": "items", "Item": item}} if item
                    else {"Delete": {"TableName": "items", "Key": self.key(n)}} for n, item in changes.items()]
        return "transact_write_items", {"TransactItems": requests}, changes

    def settle(self, stored, test):
        """Compares with what is stored, and takes that for what is now: {n: item}."""
        for n in range(KEYS):
            allowed = [self.items.get(n)] + ([self.doubt[n]] if n in self.doubt else [])
            test.assertIn(stored.get(n), allowed, f"item {self.key(n)}")
        if self.atomic and self.doubt:
            changed = {n for n in self.doubt if self.doubt[n] != self.items.get(n)}
            made = {n for n in changed if stored.get(n) == self.doubt[n]}
            test.assertIn(made, (set(), changed), "a transaction is half there")
        self.items, self.doubt = stored, {}


class Consumer:
    """Reads the table's stream on from where it was, each item's changes once and in order: each finds the item as the
    one before left it, and the last leaves it as it is."""

    def __init__(self):
        self.items, self.sequence, self.records = {}, None, 0

    def read(self, emu, test):
        streams = emu.client("dynamodbstreams")
        arn = streams.list_streams(TableName="items")["Streams"][0]["StreamArn"]
        (shard,) = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
        start = ({"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": self.sequence} if self.sequence
                 else {"ShardIteratorType": "TRIM_HORIZON"})
        iterator = streams.get_shard_iterator(StreamArn=arn, ShardId=shard["ShardId"], **start)["ShardIterator"]
        while (page := streams.get_records(ShardIterator=iterator))["Records"]:
            for record in page["Records"]:
                self.take(record["dynamodb"], test)
            iterator = page["NextShardIterator"]

    def take(self, change, test):
        key = (change["Keys"]["pk"]["S"], change["Keys"]["sk"]["N"])
        test.assertLess(int(self.sequence or 0), int(change["SequenceNumber"]))
        test.assertEqual(change.get("OldImage"), self.items.pop(key, None), f"item {key}")
        if "NewImage" in change:
            self.items[key] = change["NewImage"]
        self.sequence, self.records = change["SequenceNumber"], self.records + 1


class Changer(threading.Thread):
    """Creates tables and indexes and deletes them, as long as the daemon lives."""

    def begin(self, emu):
        super().__init__()
        self.dynamodb, self.refused = emu.client("dynamodb"), None
        self.start()

    def run(self):
        try:
            for name in self.dynamodb.list_tables()["TableNames"]:
                if name != "items":
                    self.dynamodb.delete_table(TableName=name)
            for n in range(1_000_000):
                self.table(f"passing-{n}")
        except ClientError as error:
            self.refused = error
        except BotoCoreError:
            pass

    def table(self, name):
        self.dynamodb.create_table(TableName=name, BillingMode="PAY_PER_REQUEST",
                                   KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
                                   AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}])
        for first in range(0, 100, 25):
            self.dynamodb.batch_write_item(RequestItems={name: [
                {"PutRequest": {"Item": {"pk": {"S": str(n)}, "day": {"S": str(n % 7)}}}} for n in range(first, first + 25)]})
        for change in ({"Create": {"IndexName": "by_day", "KeySchema": [{"AttributeName": "day", "KeyType": "HASH"}],
                                   "Projection": {"ProjectionType": "ALL"}}}, {"Delete": {"IndexName": "by_day"}}):
            self.dynamodb.update_table(TableName=name, GlobalSecondaryIndexUpdates=[change],
                                       AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"}
                                                             for name in ("pk", "day")])
        self.dynamodb.delete_table(TableName=name)


class Killed(unittest.TestCase):
    def test_what_was_acknowledged_is_there_and_all_agrees_after_every_kill(self):
        with tempfile.TemporaryDirectory(prefix="emu-kills-") as folder:
            data = Path(folder) / "data"
            writers, self.consumer = [Writer(n, SEED + n) for n in range(WRITERS)], Consumer()
            for life in range(KILLS):
                with self.subTest(life=life, seed=SEED):
                    self.life(data, writers, first=life == 0)
            requests = sum(w.requests for w in writers)
            self.assertGreaterEqual(requests, KILLS * WRITERS * ROUND)
            self.assertGreater(self.consumer.records, requests)

    def life(self, data, writers, first):
        with Daemon(data=data) as emu:
            if first:
                self.create(emu.client("dynamodb"))
            else:
                self.compare(emu, writers)
            aims = [w.requests + ROUND for w in writers]
            changer = Changer()
            for thread in (*writers, changer):
                thread.begin(emu)
            until("the load", lambda: all(w.requests >= aim or w.refused for w, aim in zip(writers, aims)))
            emu.process.kill()
            emu.process.wait()
            for thread in (*writers, changer):
                thread.join()
        self.assertEqual([t.refused for t in (*writers, changer) if t.refused], [])
        verified(data)
        with Daemon(data=data) as emu:
            self.compare(emu, writers)
            emu.process.kill()
            emu.process.wait()
        self.assertNotIn("rows of what was deleted, which the next start erases", verified(data)["counts"])

    def create(self, dynamodb):
        dynamodb.create_table(**TABLE)
        dynamodb.update_time_to_live(TableName="items", TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"})
        dynamodb.update_continuous_backups(TableName="items", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True})

    def compare(self, emu, writers):
        stored, all_items = [{} for _ in writers], {}
        for page in emu.client("dynamodb").get_paginator("scan").paginate(TableName="items", ConsistentRead=True):
            for item in page["Items"]:
                stored[int(item["pk"]["S"].split("-")[1])][int(item["sk"]["N"])] = item
                all_items[item["pk"]["S"], item["sk"]["N"]] = item
        for writer, items in zip(writers, stored):
            writer.settle(items, self)
        self.consumer.read(emu, self)
        self.assertEqual(self.consumer.items, all_items)


if __name__ == "__main__":
    unittest.main()
