"""The programs under measurement: emu on a free port, and the empty server."""
import base64
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "release"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def npm_program(name):
    """The command of a package of bench/node, installed once below build/."""
    folder = ROOT / "build" / "bench-node"
    if not (folder / "node_modules" / name).is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        for file in ("package.json", "package-lock.json"):
            (folder / file).write_bytes((ROOT / "bench" / "node" / file).read_bytes())
        subprocess.run(["npm", "ci", "--silent", "--omit-lockfile-registry-resolved", "--legacy-peer-deps"], cwd=folder, check=True)
    return folder / "node_modules" / ".bin" / name


class EmptyServer:
    def __enter__(self):
        self.process = subprocess.Popen([BUILD / "bench" / "bench_empty_server"], stdout=subprocess.PIPE, text=True)
        self.url = f"http://127.0.0.1:{int(self.process.stdout.readline())}/"
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


class Emu:
    """emu up on an empty directory with its data in a temporary one; no project."""

    def __init__(self, *options):
        self.options = options

    def __enter__(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="emu-bench-"))
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        begun = time.perf_counter()
        # AWS takes ten requests a second for each unit of concurrency: the usual 1,000 would be measured instead of emu.
        command = [BUILD / "emu", "up", self.home, "--port", str(self.port), "--lambda-concurrency", "10000", "--api-rate", "0", *self.options]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        self._until_answered(begun)
        return self

    def _until_answered(self, begun):
        while True:
            with socket.socket() as s:
                s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                if s.connect_ex(("127.0.0.1", self.port)) == 0:
                    s.sendall(b"GET /_emu/health HTTP/1.1\r\nHost: x\r\n\r\n")
                    if s.recv(4096).startswith(b"HTTP/1.1 200"):
                        self.started_ms = (time.perf_counter() - begun) * 1000
                        return
            if self.process.poll() is not None or time.perf_counter() - begun > 30:
                raise SystemExit("emu did not start")
            time.sleep(0.0002)

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        shutil.rmtree(self.home)

    def resident_mib(self, what="VmRSS"):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(f"{what}:"):
                return int(line.split()[1]) / 1024
        raise SystemExit(f"no {what}")

    def data_mib(self):
        """Without the pages of the binary, which come and go as it runs: what a table or a message costs."""
        return self.resident_mib("RssAnon")

    def call(self, method, path, body, headers=None):
        return self.exchange(method, path, body, headers)[1]

    def exchange(self, method, path, body, headers=None):
        """The headers and the text of what is answered."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        connection.request(method, path, body, headers or {})
        reply = connection.getresponse()
        text = reply.read()
        if reply.status >= 300 or reply.headers.get("X-Amz-Function-Error"):
            raise SystemExit(f"{method} {path}: {reply.status} {text[:300]!r}")
        return reply.headers, text

    def function(self, name, runtime, handler, directory):
        """Creates a function that runs from a directory, and waits until it can be invoked."""
        self.call("POST", "/2015-03-31/functions", json.dumps({
            "FunctionName": name, "Runtime": runtime, "Handler": handler,
            "Role": "arn:aws:iam::000000000000:role/bench",
            "Code": {"S3Bucket": "hot-reload", "S3Key": os.fspath(directory)}}))
        while json.loads(self.call("GET", f"/2015-03-31/functions/{name}", None))["Configuration"]["State"] != "Active":
            time.sleep(0.01)

    def invoke(self, name):
        return self.call("POST", f"/2015-03-31/functions/{name}/invocations", b'{"n":1}')

    def report(self, name):
        """The REPORT line of an invocation."""
        headers, _ = self.exchange("POST", f"/2015-03-31/functions/{name}/invocations", b"{}", {"X-Amz-Log-Type": "Tail"})
        return base64.b64decode(headers["X-Amz-Log-Result"]).decode()

    def make_cold(self, name, n):
        """A changed configuration ends every environment: the next invocation starts one."""
        self.call("PUT", f"/2015-03-31/functions/{name}/configuration",
                  json.dumps({"Environment": {"Variables": {"ROUND": str(n)}}}))
        while json.loads(self.call("GET", f"/2015-03-31/functions/{name}", None))["Configuration"].get(
                "LastUpdateStatus") != "Successful":
            time.sleep(0.01)

    def booted_ahead(self):
        """How many interpreters wait for a cold start."""
        return sum(kind["waiting"] for kind in json.loads(self.call("GET", "/_emu/environments", None))["booted_ahead"])

    def http_api(self, name):
        """An HTTP API whose $default route is this function; its base URL."""
        reply = json.loads(self.call("POST", "/v2/apis", json.dumps({
            "name": name, "protocolType": "HTTP",
            "target": f"arn:aws:lambda:us-east-1:000000000000:function:{name}"})))
        return f"{self.url}/_aws/execute-api/{reply['apiId']}/$default/"


class JsonClient:
    """A connection to a service of AWS's JSON 1.0 protocol, of emu's or a peer's: `service` is its signing name,
    target() what X-Amz-Target says."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port)

    def call(self, operation, **members):
        self.connection.request("POST", "/", json.dumps(members), {
            "X-Amz-Target": self.target(operation), "Content-Type": "application/x-amz-json-1.0",
            "X-Amz-Date": "20260101T000000Z", "Authorization": "AWS4-HMAC-SHA256 Credential=emu/20260101/us-east-1/"
            f"{self.service}/aws4_request, SignedHeaders=host, Signature=0"})
        reply = self.connection.getresponse()
        text = reply.read()
        if reply.status != 200:
            raise SystemExit(f"{operation}: {reply.status} {text[:300]!r}")
        return json.loads(text) if text else {}
