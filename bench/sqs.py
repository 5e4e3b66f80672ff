"""SQS under load: its operations as shares of the empty handler, how cost grows with what waits in the queue, memory per
waiting message and per idle queue, how fast a send wakes a long poll, and the same load on fauxqs, an in-memory SQS in
one Node process."""
import json
import os
import statistics
import subprocess
import threading
import time

from daemon import JsonClient, free_port, npm_program
from load import wrk

SHARES = {"SendMessage": 0.45, "SendMessageBatch": 0.12}
PAIRS = 0.20  # receives with their deletions, share of the empty handler
MIB = 1 << 20


class Client(JsonClient):
    """A connection to an SQS."""

    service = "sqs"

    def target(self, operation):
        return f"AmazonSQS.{operation}"

    def queue(self, name, **attributes):
        return self.call("CreateQueue", QueueName=name, **({"Attributes": attributes} if attributes else {}))["QueueUrl"]

    def fill(self, queue, count):
        for first in range(0, count, 10):
            self.call("SendMessageBatch", QueueUrl=queue, Entries=[
                {"Id": str(n), "MessageBody": json.dumps({"orderId": f"order-{first + n}", "status": "PENDING", "total": 42.5})}
                for n in range(min(10, count - first))])


def load(url, operation, queue, seconds):
    return wrk(url, seconds, script="sqs.lua", environment={"OPERATION": operation, "QUEUE_URL": queue})


def shares(report, emu, empty, seconds):
    """Sends come first: the pairs need their messages."""
    queue = Client(emu.port).queue("bench")
    measured = {}
    for operation in (*SHARES, "Pairs"):
        measured[operation], share = empty.beside(lambda s: load(emu.url + "/", operation, queue, s), seconds)
        if operation in SHARES:
            report.share(operation, measured[operation], share, SHARES[operation])
    report.row("ReceiveMessage + DeleteMessage pairs, share of empty handler",
               f"{measured['Pairs'].per_second / 2:,.0f}/s = {share / 2:.2f}", f">= {PAIRS}", share / 2 >= PAIRS)
    return measured


def growth(report, emu, seconds, waiting):
    """The same requests with so many messages waiting: within 20 % of those without."""
    client = Client(emu.port)
    few, many = client.queue("few"), client.queue("many")
    before = emu.data_mib()
    client.fill(many, waiting)
    cost = (emu.data_mib() - before) * MIB / waiting
    report.row(f"resident memory per waiting message, {waiting:,} of them, RocksDB's own included", f"{cost:.0f} bytes")
    client.fill(few, 1000)
    for operation in ("SendMessage", "Pairs"):
        without, with_them = (load(emu.url + "/", operation, queue, seconds) for queue in (few, many))
        ratio = with_them.per_second / without.per_second
        report.row(f"{operation} with {waiting:,} messages waiting, times those without", f"{ratio:.2f}", ">= 0.8", ratio >= 0.8)


def idle_queues(report, emu, count):
    client, before = Client(emu.port), emu.data_mib()
    for n in range(count):
        client.queue(f"idle-{n}")
    grown = emu.data_mib() - before
    report.row(f"memory of {count:,} idle queues", f"{grown:.1f} MiB", "<= 20 MiB", grown <= 20 * max(1, count / 10_000))


def wake(report, emu, rounds):
    """From a send to the reply of a long poll that waited for it."""
    sender, receiver = Client(emu.port), Client(emu.port)
    queue, woken = sender.queue("wake"), []

    def receive():
        receiver.call("ReceiveMessage", QueueUrl=queue, WaitTimeSeconds=20, VisibilityTimeout=0)
        woken.append(time.perf_counter())

    delays = []
    for _ in range(rounds):
        sender.call("PurgeQueue", QueueUrl=queue)
        thread = threading.Thread(target=receive)
        thread.start()
        time.sleep(0.01)  # it waits now
        begun = time.perf_counter()
        sender.call("SendMessage", QueueUrl=queue, MessageBody="x")
        thread.join()
        delays.append((woken[-1] - begun) * 1000)
    ms = statistics.median(delays)
    report.row("a send wakes a long poll: send to reply, p50", f"{ms:.2f} ms", "<= 1 ms", ms <= 1)


class Fauxqs:
    def __enter__(self):
        folder = npm_program("fauxqs").parents[2]
        # Not by its own command, which logs every request. 1.9: later ones want a newer Node.
        program = "import {startFauxqs} from 'fauxqs'; await startFauxqs({logger: false})"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        self.process = subprocess.Popen(["node", "--input-type=module", "-e", program], cwd=folder, stdout=subprocess.DEVNULL,
                                        env={**os.environ, "FAUXQS_PORT": str(self.port)})
        for _ in range(500):
            try:
                Client(self.port).call("ListQueues")
                return self
            except OSError:
                time.sleep(0.02)
        raise SystemExit("fauxqs does not answer")

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def beside_fauxqs(report, measured, seconds):
    with Fauxqs() as peer:
        queue = Client(peer.port).queue("bench")
        for operation in ("SendMessage", "SendMessageBatch", "Pairs"):
            theirs = load(peer.url, operation, queue, seconds)
            ratio = measured[operation].per_second / theirs.per_second
            target = () if operation == "SendMessageBatch" else (">= 3", ratio >= 3)  # asked of the single ones
            report.row(f"SQS {operation}, times fauxqs's {theirs.per_second:,.0f}/s", f"{ratio:.1f}", *target)


def run(report, Emu, empty, seconds, waiting, idle):
    with Emu() as emu:
        measured = shares(report, emu, empty, seconds)
        wake(report, emu, 100)
    with Emu() as emu:
        growth(report, emu, seconds, waiting)
    with Emu() as emu:
        idle_queues(report, emu, idle)
    beside_fauxqs(report, measured, seconds)
