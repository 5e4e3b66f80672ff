"""Event sources: how long a message takes to a handler that waits for it, and how fast a full queue is drained."""
import json
import pathlib
import re
import statistics
import time

from daemon import BUILD
from sqs import Client

HANDLER = BUILD / "bench" / "queue_handler"


def drain(emu, queues, queue, count):
    """Messages per second from the mapping's creation until the queue is empty."""
    for first in range(0, count, 10):
        queues.call("SendMessageBatch", QueueUrl=queue,
                    Entries=[{"Id": str(n), "MessageBody": f"{first + n}"} for n in range(10)])
    begun = time.perf_counter()
    emu.call("POST", "/2015-03-31/event-source-mappings", json.dumps(
        {"FunctionName": "queue-handler", "EventSourceArn": f"arn:aws:sqs:us-east-1:000000000000:{queue.rpartition('/')[2]}"}))
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    while any(n != "0" for n in queues.call("GetQueueAttributes", QueueUrl=queue, AttributeNames=names)["Attributes"].values()):
        time.sleep(0.005)
    return count / (time.perf_counter() - begun)


def waits(emu, queues, queue, count):
    """Milliseconds between a client's decision to send and the handler's start, of messages sent one by one."""
    for _ in range(count):
        queues.call("SendMessage", QueueUrl=queue, MessageBody=f"at {time.time_ns() // 1000}")
        time.sleep(0.02)
    time.sleep(0.2)
    return [int(us) / 1000 for us in re.findall(r"waited (\d+)", logged(emu))]


def logged(emu):
    folder = pathlib.Path(json.loads(emu.call("GET", "/_emu/status", None))["logs"])
    return "".join(file.read_text(errors="replace") for file in folder.rglob("*.log"))


def run(report, emu, messages=10_000, alone=200):
    emu.function("queue-handler", "provided.al2023", "x", HANDLER)
    emu.call("POST", "/2015-03-31/functions/queue-handler/invocations", b"{}")
    queues = Client(emu.port)
    queue = queues.queue("drained")
    rate = drain(emu, queues, queue, messages)
    report.row(f"{messages:,} queued messages through a C++ handler of 1 ms", f"{rate:,.0f}/s", ">= 5,000/s", rate >= 5000)
    p50 = statistics.median(waits(emu, queues, queue, alone))
    report.row("SQS message to the start of an idle handler, p50", f"{p50:.2f} ms", "<= 3 ms", p50 <= 3)
