"""DynamoDB under load: its operations as shares of the empty handler, how cost grows with the table, memory per
table and open stream, and the same load on dynalite, an in-memory DynamoDB in one Node process."""
import subprocess
import time

from daemon import JsonClient, free_port, npm_program
from load import wrk

SHARES = {"GetItem": 0.65, "PutItem": 0.50, "UpdateItem": 0.40, "TransactWriteItems": 0.20, "Query": 0.15}
BATCH = 25  # items in a BatchWriteItem


class Client(JsonClient):
    """A connection to a DynamoDB."""

    service = "dynamodb"

    def target(self, operation):
        streams = operation in ("DescribeStream", "GetShardIterator")
        return f"{'DynamoDBStreams' if streams else 'DynamoDB'}_20120810.{operation}"

    def create(self, name, sort_key=None, **more):
        names = ["id"] + ([sort_key] if sort_key else [])
        made = self.call("CreateTable", TableName=name, BillingMode="PAY_PER_REQUEST",
                         KeySchema=[{"AttributeName": n, "KeyType": k} for n, k in zip(names, ["HASH", "RANGE"])],
                         AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in names], **more)
        while self.call("DescribeTable", TableName=name)["Table"]["TableStatus"] != "ACTIVE":
            time.sleep(0.05)
        return made["TableDescription"]

    def fill(self, table, items):
        batch = []
        for item in items:
            batch.append({"PutRequest": {"Item": item}})
            if len(batch) == BATCH:
                self.call("BatchWriteItem", RequestItems={table: batch})
                batch = []
        if batch:
            self.call("BatchWriteItem", RequestItems={table: batch})


def prepare(client):
    """The tables of lua/dynamodb.lua: orders, and 20 orders of 50 lines of 400 bytes."""
    client.create("bench")
    client.create("lines", "line")
    client.fill("lines", ({"id": {"S": f"order-{o}"}, "line": {"S": f"{n:03}"}, "sku": {"S": f"sku-{n}"}, "qty": {"N": str(n)},
                           "text": {"S": "x" * 360}} for o in range(20) for n in range(50)))


def load(url, operation, seconds, keys=1000):
    return wrk(url, seconds, script="dynamodb.lua", environment={"OPERATION": operation, "KEYS": str(keys)})


def shares(report, emu, empty, seconds):
    """Puts come first: the others need their items."""
    prepare(Client(emu.port))
    measured = {}
    for operation in ["PutItem", *(name for name in SHARES if name != "PutItem"), "BatchWriteItem"]:
        measured[operation], share = empty.beside(lambda s: load(emu.url + "/", operation, s), seconds)
        if operation in SHARES:
            report.share(operation, measured[operation], share, SHARES[operation])
    items, share = measured["BatchWriteItem"].per_second * BATCH, share * BATCH
    report.row(f"BatchWriteItem of {BATCH}: items, share of empty handler's requests",
               f"{items:,.0f}/s = {share:.2f}", ">= 1.0", share >= 1.0)
    return measured


def growth(report, emu, empty, seconds, sizes):
    """The same requests on tables of growing size: the share should not fall."""
    client, filled = Client(emu.port), 0
    for size in sizes:
        begun = time.monotonic()
        client.fill("bench", ({"id": {"S": f"key-{n}"}, "status": {"S": "PENDING"}, "total": {"N": "42.5"},
                               "createdAt": {"S": "2026-01-01T00:00:00.000Z"}} for n in range(filled, size)))
        filled = size
        took = time.monotonic() - begun
        put, get = (empty.beside(lambda s: load(emu.url + "/", operation, s, size), seconds)[1] for operation in ("PutItem", "GetItem"))
        report.row(f"{size:,} items (filled in {took:.0f} s): PutItem, GetItem", f"{put:.2f}, {get:.2f}")


def memory(report, emu):
    """What 500 tables cost, then 500 tables with an open stream each."""
    client, count, before = Client(emu.port), 500, emu.data_mib()
    for n in range(count):
        client.create(f"plain-{n}")
    plain = emu.data_mib()
    for n in range(count):
        made = client.create(f"streamed-{n}", StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"})
        stream = made["LatestStreamArn"]
        shard = client.call("DescribeStream", StreamArn=stream)["StreamDescription"]["Shards"][0]["ShardId"]
        client.call("GetShardIterator", StreamArn=stream, ShardId=shard, ShardIteratorType="LATEST")
    streamed = emu.data_mib()
    per_table, per_streamed = (1024 * (after - first) / count for after, first in ((plain, before), (streamed, plain)))
    report.row("memory per table, per table with an open stream", f"{per_table:.1f} KiB, {per_streamed:.1f} KiB")


class Dynalite:
    def __enter__(self):
        program = npm_program("dynalite")
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        self.process = subprocess.Popen([program, "--port", str(self.port), "--createTableMs", "0"],
                                        stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()  # "Listening at …"
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def beside_dynalite(report, measured, seconds):
    with Dynalite() as peer:
        prepare(Client(peer.port))
        for operation in ("PutItem", "GetItem", "UpdateItem", "Query", "BatchWriteItem"):
            theirs = load(peer.url, operation, seconds)
            ratio = measured[operation].per_second / theirs.per_second
            report.row(f"{operation}, times dynalite's {theirs.per_second:,.0f}/s", f"{ratio:.1f}", ">= 3.5", ratio >= 3.5)
