"""What must hold when many clients change the same items at once: no update lost, no transfer torn, no token applied
twice, no change missing from a stream. Each client is a thread with a connection of its own."""
import http.client
import itertools
import json
import random
import threading
import unittest
import uuid

from daemon import PATIENCE
from tables import WithTables

CLIENTS = 16
INCREMENTS = 40  # of each client
ACCOUNTS = 10
TRANSFERS = 40  # of each client
FUNDS = 100  # of each account at first
TOKENS = 30


class Client:
    """DynamoDB's JSON protocol over one kept connection: quicker than an SDK, and it retries nothing."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)

    def call(self, operation, service="DynamoDB", **parameters):
        """(error code or None, reply)"""
        self.connection.request("POST", "/", json.dumps(parameters), {
            "X-Amz-Target": f"{service}_20120810.{operation}", "Content-Type": "application/x-amz-json-1.0"})
        response = self.connection.getresponse()
        reply = json.loads(response.read())
        return (None if response.status == 200 else reply["__type"].partition("#")[2]), reply


class Concurrency(WithTables):
    def client(self):
        client = Client(self.emu.port)
        self.addCleanup(client.connection.close)
        return client

    def do(self, client, operation, **parameters):
        """The reply of a call that must succeed."""
        error, reply = client.call(operation, **parameters)
        self.assertIsNone(error, reply)
        return reply

    def number(self, table, pk, attribute):
        reply = self.do(self.client(), "GetItem", TableName=table, Key={"pk": {"S": pk}}, ConsistentRead=True)
        return int(reply["Item"][attribute]["N"])

    def at_once(self, work, count=CLIENTS):
        """Runs work(client, index) on `count` threads; fails with the first failure of any."""
        failures = []

        def run(client, index):
            try:
                work(client, index)
            except BaseException as failure:  # told by the test's own thread
                failures.append(failure)

        threads = [threading.Thread(target=run, args=(self.client(), index), daemon=True) for index in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
            self.assertFalse(thread.is_alive(), "a client is still waiting")
        if failures:
            raise failures[0]

    def test_increments_by_add_are_all_there(self):
        self.table("adding")

        def work(client, _):
            for _ in range(INCREMENTS):
                self.do(client, "UpdateItem", TableName="adding", Key={"pk": {"S": "a"}}, UpdateExpression="ADD n :one",
                        ExpressionAttributeValues={":one": {"N": "1"}})
        self.at_once(work)
        self.assertEqual(self.number("adding", "a", "n"), CLIENTS * INCREMENTS)

    def test_increments_under_an_optimistic_version_are_all_there(self):
        self.table("versions")
        key = {"pk": {"S": "a"}}
        self.do(self.client(), "PutItem", TableName="versions", Item={**key, "n": {"N": "0"}, "version": {"N": "0"}})
        conflicts = itertools.count()

        def work(client, _):
            done = 0
            while done < INCREMENTS // 4:
                item = self.do(client, "GetItem", TableName="versions", Key=key, ConsistentRead=True)["Item"]
                following = {**key, "n": {"N": str(int(item["n"]["N"]) + 1)},
                             "version": {"N": str(int(item["version"]["N"]) + 1)}}
                error, reply = client.call(
                    "PutItem", TableName="versions", Item=following, ConditionExpression="version = :seen",
                    ExpressionAttributeValues={":seen": item["version"]})
                if error == "ConditionalCheckFailedException":
                    next(conflicts)
                else:
                    self.assertIsNone(error, reply)
                    done += 1
        self.at_once(work)
        self.assertEqual(self.number("versions", "a", "n"), CLIENTS * (INCREMENTS // 4))
        self.assertGreater(next(conflicts), 0, "the clients never met")

    def test_transfers_keep_the_total_and_no_reader_sees_half_of_one(self):
        tables = ["bank-a", "bank-b"]
        for table in tables:
            self.table(table)
        accounts = [{"TableName": tables[i % 2], "Key": {"pk": {"S": str(i)}}} for i in range(ACCOUNTS)]
        for account in accounts:
            self.do(self.client(), "PutItem", TableName=account["TableName"],
                    Item={**account["Key"], "balance": {"N": str(FUNDS)}})
        ended = threading.Event()
        readers, looks = 4, itertools.count()

        def total(client):
            reply = self.do(client, "TransactGetItems", TransactItems=[{"Get": account} for account in accounts])
            balances = [int(response["Item"]["balance"]["N"]) for response in reply["Responses"]]
            self.assertGreaterEqual(min(balances), 0)
            return sum(balances)

        def transfer(client, chance):
            source, target = chance.sample(accounts, 2)
            amount = {":amount": {"N": str(chance.randint(1, FUNDS))}}
            error, reply = client.call("TransactWriteItems", TransactItems=[
                {"Update": {**source, "UpdateExpression": "SET balance = balance - :amount",
                            "ConditionExpression": "balance >= :amount", "ExpressionAttributeValues": amount}},
                {"Update": {**target, "UpdateExpression": "SET balance = balance + :amount",
                            "ExpressionAttributeValues": amount}}])
            if error == "TransactionCanceledException":  # not enough money, and nothing else
                self.assertEqual([reason["Code"] for reason in reply["CancellationReasons"]],
                                 ["ConditionalCheckFailed", "None"])
            else:
                self.assertIsNone(error, reply)

        writing = threading.Semaphore(0)

        def work(client, index):
            if index < readers:
                while not ended.is_set():
                    self.assertEqual(total(client), ACCOUNTS * FUNDS)
                    next(looks)
                return
            try:
                chance = random.Random(index)
                for _ in range(TRANSFERS):
                    transfer(client, chance)
            finally:
                writing.release()
                if index == CLIENTS - 1:  # the last to be started waits for the others, then ends the readers
                    for _ in range(CLIENTS - readers):
                        writing.acquire(timeout=PATIENCE)
                    ended.set()
        self.at_once(work)
        self.assertEqual(total(self.client()), ACCOUNTS * FUNDS)
        self.assertGreater(next(looks), readers, "the readers hardly looked")

    def test_transactions_and_single_writes_lose_nothing_to_each_other(self):
        self.table("mixed")
        values = {"UpdateExpression": "ADD n :one", "ExpressionAttributeValues": {":one": {"N": "1"}}}

        def work(client, index):
            for turn in range(INCREMENTS // 2):
                if (index + turn) % 2:
                    self.do(client, "UpdateItem", TableName="mixed", Key={"pk": {"S": "a"}}, **values)
                    self.do(client, "UpdateItem", TableName="mixed", Key={"pk": {"S": "b"}}, **values)
                else:
                    order = ["a", "b"] if index % 3 else ["b", "a"]
                    self.do(client, "TransactWriteItems", TransactItems=[
                        {"Update": {"TableName": "mixed", "Key": {"pk": {"S": pk}}, **values}} for pk in order])
        self.at_once(work)
        self.assertEqual([self.number("mixed", pk, "n") for pk in "ab"], [CLIENTS * (INCREMENTS // 2)] * 2)

    def test_a_token_sent_by_all_clients_at_once_applies_once(self):
        self.table("tokens")
        tokens = [str(uuid.uuid4()) for _ in range(TOKENS)]
        together = threading.Barrier(CLIENTS, timeout=PATIENCE)

        def work(client, _):
            for token in tokens:
                together.wait()
                self.do(client, "TransactWriteItems", ClientRequestToken=token, TransactItems=[
                    {"Update": {"TableName": "tokens", "Key": {"pk": {"S": pk}}, "UpdateExpression": "ADD n :one",
                                "ExpressionAttributeValues": {":one": {"N": "1"}}}} for pk in "ab"])
        self.at_once(work)
        self.assertEqual([self.number("tokens", pk, "n") for pk in "ab"], [TOKENS, TOKENS])

    def test_a_stream_tells_every_change_of_an_item_once_and_in_order(self):
        self.table("told", StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"})
        items = [str(i) for i in range(6)]
        adding = {"UpdateExpression": "ADD n :one", "ExpressionAttributeValues": {":one": {"N": "1"}}}
        changes = (CLIENTS - 1) * INCREMENTS * 2
        consumer = self.client()

        def stream(operation, **parameters):
            return self.do(consumer, operation, service="DynamoDBStreams", **parameters)

        def consume():
            arn = stream("ListStreams", TableName="told")["Streams"][0]["StreamArn"]
            shard = stream("DescribeStream", StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
            iterator = stream("GetShardIterator", StreamArn=arn, ShardId=shard,
                              ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
            versions, sequence, told = dict.fromkeys(items, 0), 0, 0
            while told < changes:
                page = stream("GetRecords", ShardIterator=iterator, Limit=50)
                iterator = page["NextShardIterator"]
                for record in (record["dynamodb"] for record in page["Records"]):
                    pk = record["Keys"]["pk"]["S"]
                    self.assertEqual(int(record.get("OldImage", {}).get("n", {"N": "0"})["N"]), versions[pk])
                    versions[pk] += 1
                    self.assertEqual(int(record["NewImage"]["n"]["N"]), versions[pk])
                    self.assertGreater(int(record["SequenceNumber"]), sequence)
                    sequence = int(record["SequenceNumber"])
                    told += 1
            self.assertEqual(stream("GetRecords", ShardIterator=iterator)["Records"], [])
            return versions

        seen = {}

        def work(client, index):
            if index == 0:
                seen.update(consume())
                return
            chance = random.Random(index)
            for turn in range(INCREMENTS):
                pair = chance.sample(items, 2)
                if turn % 2:
                    for pk in pair:
                        self.do(client, "UpdateItem", TableName="told", Key={"pk": {"S": pk}}, **adding)
                else:
                    self.do(client, "TransactWriteItems", TransactItems=[
                        {"Update": {"TableName": "told", "Key": {"pk": {"S": pk}}, **adding}} for pk in pair])
        self.at_once(work)
        self.assertEqual(seen, {pk: self.number("told", pk, "n") for pk in items})


if __name__ == "__main__":
    unittest.main()
