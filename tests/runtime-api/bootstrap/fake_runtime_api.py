"""A Runtime API server for tests of the runtime clients: hands out queued events, keeps whatever is posted.

Used by function_under_test.py. Every instance listens on a port of its own; nothing here sleeps.
Replies always carry Content-Length and keep the connection open, as emu's own server does.
"""

import queue
import re
import socketserver
import threading
from dataclasses import dataclass, field

MAX_RESPONSE_BYTES = 6291556  # 6 MiB + 100, Lambda quotas
GIVE_UP_SECONDS = 20


@dataclass
class Post:
    """One request that a runtime client has posted."""

    path: str
    headers: dict
    body: bytes
    trailers: dict = field(default_factory=dict)
    connection: int = 0

    @property
    def kind(self):
        return self.path.rsplit("/", 1)[1]


class _Connection(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True
    wbufsize = -1

    def handle(self):
        api = self.server.api
        number = api.connected()
        try:
            while True:
                request = self.rfile.readline().decode().split()
                if not request:
                    return
                headers = self.read_headers()
                if request[0] == "GET":
                    self.serve_next(api)
                elif api.refuses_streams and "transfer-encoding" in headers:
                    api.refuses_streams = False
                    api.posts.put(Post(request[1], headers, b"", {}, number))
                    self.reply(413, b"{}")
                    return
                else:
                    body, trailers = self.read_body(headers)
                    post = Post(request[1], headers, body, trailers, number)
                    self.reply(*api.accept(post))
        except (ConnectionError, BrokenPipeError):
            pass

    def serve_next(self, api):
        api.asked.put(True)
        event = api.events.get()
        if event is None:
            raise ConnectionResetError
        status, body, headers = event
        self.reply(status, body, headers)

    def read_headers(self):
        headers = {}
        while line := self.rfile.readline().strip().decode("latin-1"):
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        return headers

    def read_body(self, headers):
        if headers.get("transfer-encoding") != "chunked":
            return self.rfile.read(int(headers.get("content-length", 0))), {}
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        return body, self.read_headers()

    def reply(self, status, body, headers=()):
        lines = [f"HTTP/1.1 {status} Reason"]
        lines += [f"{name}: {value}" for name, value in dict(headers).items()]
        lines += ["Content-Type: application/json"] if "Content-Type" not in dict(headers) else []
        lines += [f"Content-Length: {len(body)}", "", ""]
        self.wfile.write("\r\n".join(lines).encode() + body)
        self.wfile.flush()


class FakeRuntimeApi:
    def __init__(self):
        self.events = queue.Queue()
        self.posts = queue.Queue()
        self.asked = queue.Queue()
        self.connections = 0
        self.refuses_streams = False  # answers one stream before it has ended, and hangs up
        self.lock = threading.Lock()
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Connection)
        self.server.daemon_threads = True
        self.server.block_on_close = False
        self.server.api = self
        self.address = "127.0.0.1:%d" % self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def connected(self):
        with self.lock:
            self.connections += 1
            return self.connections

    def accept(self, post):
        self.posts.put(post)
        if len(post.body) > MAX_RESPONSE_BYTES:
            return 413, b'{"errorMessage":"Exceeded maximum allowed payload size (6291556 bytes).","errorType":"RequestEntityTooLarge"}'
        if not re.fullmatch(r"/2018-06-01/runtime/(init/error|invocation/[^/]+/(response|error))", post.path):
            return 404, b"{}"
        return 202, b'{"status":"OK"}\n'

    def send(self, body, headers, status=200):
        self.events.put((status, body, headers))

    def close(self):
        self.events.put(None)
        self.server.shutdown()
        self.server.server_close()
