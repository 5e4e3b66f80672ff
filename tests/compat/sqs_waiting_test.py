"""Long polls on real sockets: a client that hangs up, many that wait, and an end that does not wait for them."""
import json
import socket
import threading
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

from daemon import Daemon, WithEmu, until


def text_of(operation, **members):
    body = json.dumps(members)
    return (f"POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: AmazonSQS.{operation}\r\n"
            f"Content-Type: application/x-amz-json-1.0\r\nContent-Length: {len(body)}\r\n\r\n{body}").encode()


def call(emu, operation, **members):
    reply = emu.request("POST", "/", json.dumps(members), {
        "X-Amz-Target": f"AmazonSQS.{operation}", "Content-Type": "application/x-amz-json-1.0"})
    if reply.status != 200:
        raise AssertionError(f"{operation}: {reply.status} {reply.text}")
    return json.loads(reply.text) if reply.text else {}


class Waiting(WithEmu):
    def queue(self, name):
        return call(self.emu, "CreateQueue", QueueName=name)["QueueUrl"]

    def test_a_client_that_hangs_up_takes_no_message_with_it(self):
        queue = self.queue("left")
        for _ in range(20):
            with socket.create_connection(("127.0.0.1", self.emu.port)) as client:
                client.sendall(text_of("ReceiveMessage", QueueUrl=queue, WaitTimeSeconds=20))
                time.sleep(0.01)  # most of them wait now; those that do not are no different
        time.sleep(0.1)
        call(self.emu, "SendMessage", QueueUrl=queue, MessageBody="kept")
        self.assertEqual([m["Body"] for m in call(self.emu, "ReceiveMessage", QueueUrl=queue)["Messages"]], ["kept"])

    def test_a_request_behind_a_long_poll_on_its_connection_has_its_turn(self):
        queue = self.queue("pipelined")
        with socket.create_connection(("127.0.0.1", self.emu.port)) as client:
            client.sendall(text_of("ReceiveMessage", QueueUrl=queue, WaitTimeSeconds=1)
                           + text_of("SendMessage", QueueUrl=queue, MessageBody="second"))
            client.settimeout(10)
            seen = b""
            while b"MD5OfMessageBody" not in seen:
                seen += client.recv(65536)
        self.assertEqual(seen.count(b"HTTP/1.1 200"), 2)

    def test_each_of_many_who_wait_gets_one_message(self):
        queue = self.queue("many")
        with ThreadPoolExecutor(50) as pool:
            polls = [pool.submit(call, self.emu, "ReceiveMessage", QueueUrl=queue, WaitTimeSeconds=20) for _ in range(50)]
            time.sleep(0.2)
            for n in range(50):
                call(self.emu, "SendMessage", QueueUrl=queue, MessageBody=str(n))
            bodies = {poll.result()["Messages"][0]["Body"] for poll in polls}
        self.assertEqual(bodies, {str(n) for n in range(50)})


class Ending(unittest.TestCase):
    def test_the_end_does_not_wait_for_a_long_poll(self):
        with Daemon() as emu:
            queue = call(emu, "CreateQueue", QueueName="q")["QueueUrl"]
            ended = threading.Event()

            def poll():
                try:
                    call(emu, "ReceiveMessage", QueueUrl=queue, WaitTimeSeconds=20)
                except (OSError, AssertionError):
                    pass
                ended.set()

            threading.Thread(target=poll, daemon=True).start()
            time.sleep(0.1)
            begun = time.monotonic()
            emu.stop()
            self.assertLess(time.monotonic() - begun, 2.0)
            until("the poll ends", ended.is_set)


if __name__ == "__main__":
    unittest.main()
