"""emu up --debug: a Node function waits for its debugger, and no time-out or freeze gets in the way."""
import base64
import json
import os
import re
import socket
import threading
import time
import unittest
import urllib.request

from daemon import Daemon, until, zipped

ROLE = "arn:aws:iam::000000000000:role/any"


class Inspector:
    """A debugger, as far as it is needed: requests over a WebSocket, answers ignored."""

    def __init__(self, address):
        about = json.load(urllib.request.urlopen(f"http://{address}/json/list", timeout=10))[0]
        path = about["webSocketDebuggerUrl"].split(address, 1)[1]
        host, port = address.split(":")
        self.link = socket.create_connection((host, int(port)), timeout=10)
        key = base64.b64encode(os.urandom(16)).decode()
        self.link.sendall(f"GET {path} HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                          f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode())
        reply = b""
        while b"\r\n\r\n" not in reply:
            reply += self.link.recv(4096)
        assert b" 101 " in reply.split(b"\r\n")[0], reply

    def call(self, number, method):
        text = json.dumps({"id": number, "method": method}).encode()
        mask = os.urandom(4)
        self.link.sendall(bytes([0x81, 0x80 | len(text)]) + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(text)))


class DebugTest(unittest.TestCase):
    def test_an_invocation_waits_for_its_debugger_beyond_the_time_out(self):
        with Daemon(options=["--debug", "halted"]) as emu:
            client = emu.client("lambda")
            for name in ("dev-halted", "free"):
                client.create_function(FunctionName=name, Runtime="nodejs20.x", Handler="index.handler", Role=ROLE, Timeout=1,
                                       Code={"ZipFile": zipped({"index.js": "exports.handler = async () => 'ran';"})})
                client.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 1})
            self.assertEqual(client.invoke(FunctionName="free")["Payload"].read(), b'"ran"')
            answer = {}

            def invoke():
                reply = client.invoke(FunctionName="dev-halted")
                answer.update(payload=reply["Payload"].read(), error=reply.get("FunctionError"))

            caller = threading.Thread(target=invoke)
            caller.start()
            said = until("the address of the inspector",
                         lambda: re.search(r"dev-halted waits for a debugger at (\S+)", emu.output))
            time.sleep(1.5)  # the time-out of the function, which does not count
            self.assertEqual(answer, {})
            debugger = until("the inspector", lambda: self.attach(said[1]))
            debugger.call(1, "Runtime.enable")
            debugger.call(2, "Debugger.enable")
            debugger.call(3, "Runtime.runIfWaitingForDebugger")
            time.sleep(0.2)
            debugger.call(4, "Debugger.resume")
            caller.join(20)
            debugger.link.close()
            self.assertEqual(answer, {"payload": b'"ran"', "error": None})

    @staticmethod
    def attach(address):
        try:
            return Inspector(address)
        except OSError:
            return None


if __name__ == "__main__":
    unittest.main()
