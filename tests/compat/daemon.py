"""An emu of a test's own: a free port, a home of its own, nothing left behind. Every compat test starts one.

    with Daemon() as emu:                       # bare, ephemeral
        emu.client("dynamodb").list_tables()
    with Daemon(project, data=folder) as emu:   # serves a project, keeps its data
"""
import contextlib
import http.client
import io
import json
import os
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import zipfile
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ROOT = Path(__file__).resolve().parents[2]
EMU = str(Path(os.environ.get("EMU", ROOT / "build/dev/emu")).resolve())
AWS = "/usr/bin/aws"
SAMPLES = ROOT / "sample-functions"
PATIENCE = 30.0  # seconds, for what takes milliseconds on an idle machine


def until(what, condition, limit=PATIENCE):
    """Waits for condition() to give something true and returns it; fails naming `what`."""
    deadline = time.monotonic() + limit
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {limit} s")
        time.sleep(0.005)
    return value


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def zipped(files, mode=0o755):
    """The bytes of a zip archive of {name: text or bytes}."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = (0o100000 | mode) << 16
            archive.writestr(entry, content)
    return buffer.getvalue()


class Daemon:
    def __init__(self, project=None, data=None, options=(), environment=None):
        self.folder = tempfile.TemporaryDirectory(prefix="emu-compat-")
        self.home = Path(self.folder.name)
        self.port = free_port()
        self.options = list(options)
        self.project = project
        self.data = data
        self.environment = {**os.environ, "HOME": str(self.home), **(environment or {})}
        for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
            self.environment.pop(name, None)
        self.process = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def output(self):
        return (self.home / "output").read_text(errors="replace")

    def command(self):
        command = [EMU, "up"] + ([str(self.project)] if self.project else [])
        command += ["--port", str(self.port)]
        if "--api-port" not in self.options:
            command += ["--api-port", "0"]  # the usual one belongs to whoever runs the tests
        command += ["--data", str(self.data)] if self.data else ["--ephemeral"]
        return command + self.options

    def start(self):
        with open(self.home / "output", "ab") as output:
            self.process = subprocess.Popen(
                self.command(), cwd=self.home, env=self.environment, stdin=subprocess.DEVNULL, stdout=output,
                stderr=subprocess.STDOUT, start_new_session=True)
        until("emu answers", self.healthy)
        return self

    def healthy(self):
        if self.process.poll() is not None:
            raise AssertionError(f"emu ended with status {self.process.returncode}: {self.output}")
        try:
            return self.request("GET", "/_emu/health").status == 200
        except OSError:
            return False

    def stop(self, with_signal=signal.SIGTERM):
        """Ends the daemon and returns its exit status; asks once, then fails."""
        if self.process is None or self.process.poll() is not None:
            return self.process and self.process.returncode
        self.process.send_signal(with_signal)
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            raise AssertionError(f"emu did not stop on signal {with_signal}: {self.output}") from None

    def close(self):
        try:
            self.stop()
        finally:
            self.folder.cleanup()

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.close()
            raise

    def __exit__(self, *_):
        self.close()

    def request(self, method, path, body=None, headers=None, timeout=PATIENCE):
        """One HTTP request over a connection of its own: .status, .text, .headers, .json()."""
        return request(self.port, method, path, body, headers, timeout)

    def client(self, service, **options):
        return session(options).client(service, endpoint_url=self.url, config=client_config(options))

    def resource(self, service, **options):
        return session(options).resource(service, endpoint_url=self.url, config=client_config(options))

    def client_environment(self):
        return {**self.environment, "AWS_ENDPOINT_URL": self.url, "AWS_REGION": "us-east-1",
                "AWS_DEFAULT_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
                "AWS_EC2_METADATA_DISABLED": "true", "AWS_PAGER": ""}

    def aws(self, *arguments):
        """Runs the AWS command line and returns what it printed, parsed."""
        done = subprocess.run([AWS, "--endpoint-url", self.url, "--output", "json", *arguments], capture_output=True,
                              text=True, env=self.client_environment(), cwd=self.home, timeout=60)
        if done.returncode != 0:
            raise AssertionError(f"aws {' '.join(arguments)}: {done.stderr}")
        return json.loads(done.stdout) if done.stdout.strip() else None

    def status(self):
        return self.request("GET", "/_emu/status").json()

    def address(self, path):
        """The full address of a deployed route, once it is deployed."""
        def found():
            return self.healthy() and next((r["url"] for r in self.status()["routes"] if r["url"].endswith(path)), None)
        return until(f"the address of {path}", found)

    def children(self):
        """The processes whose parent is the daemon: pid -> state letter."""
        found = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                state, parent = stat.read_text().rpartition(")")[2].split()[:2]
                if int(parent) == self.process.pid:
                    found[int(stat.parent.name)] = state
        return found


class Reply:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def text(self):
        return self.body.decode()

    def json(self):
        return json.loads(self.body)


def request(port, method, path, body=None, headers=None, timeout=PATIENCE):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request(method, path, body, headers or {})
        return Reply(connection.getresponse())
    finally:
        connection.close()


def running(pid):
    """Whether a process exists and is not a zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def session(options):
    return boto3.session.Session(
        aws_access_key_id=options.get("access_key", "test"), aws_secret_access_key="test",
        region_name=options.get("region", "us-east-1"))


def client_config(options):
    return Config(retries={"total_max_attempts": 1}, read_timeout=60, parameter_validation=options.get("validate", True),
                  max_pool_connections=options.get("connections", 10))


class WithEmu(unittest.TestCase):
    """A class of tests that share one bare, ephemeral daemon; each test names its own resources."""

    @classmethod
    def setUpClass(cls):
        cls.emu = cls.daemon()
        cls.addClassCleanup(cls.emu.close)
        cls.emu.start()

    @classmethod
    def daemon(cls):
        return Daemon()

    def refused(self, code, call, *arguments, **parameters):
        """The message of the error `code` that call(…) is answered with."""
        with self.assertRaises(ClientError) as caught:
            call(*arguments, **parameters)
        error = caught.exception.response["Error"]
        self.assertEqual(error["Code"], code, error)
        return error.get("Message")
