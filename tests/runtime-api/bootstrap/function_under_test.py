"""Runs a function's process against a FakeRuntimeApi, the way the daemon would, and invokes it.

Used by node_test.py, python_test.py and client_test.py. The process gets exactly the environment a test names,
so nothing of the developer's own environment can change a result.
"""

import json
import os
import subprocess
import tempfile
import time
from pathlib import Path

from fake_runtime_api import GIVE_UP_SECONDS, FakeRuntimeApi

ROOT = Path(__file__).resolve().parents[3]
BOOTSTRAP = ROOT / "runtime-api" / "bootstrap"
ARN = "arn:aws:lambda:us-east-1:000000000000:function:hello"


class FunctionUnderTest:
    """Use as a context manager: leaving it ends the process and removes its files."""

    def __init__(self, command, files, handler, runtime_dir="", env=None, log_frames=False):
        self.folder = tempfile.TemporaryDirectory(prefix="emu-function-")
        self.task = Path(self.folder.name) / "task"
        self.write({"task/" + name: text for name, text in files.items()})
        self.task.mkdir(exist_ok=True)
        self.api = FakeRuntimeApi()
        self.count = 0
        self.log_file = open(Path(self.folder.name) / "log", "w+b")
        self.frames_file = open(Path(self.folder.name) / "frames", "w+b") if log_frames else None
        environment = {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "TZ": ":UTC",
            "AWS_LAMBDA_RUNTIME_API": self.api.address,
            "LAMBDA_TASK_ROOT": str(self.task),
            "LAMBDA_RUNTIME_DIR": str(runtime_dir),
            "_HANDLER": handler,
            "AWS_REGION": "us-east-1",
            "AWS_LAMBDA_FUNCTION_NAME": "hello",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
            "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/hello",
            "AWS_LAMBDA_LOG_STREAM_NAME": "2026/01/01/[$LATEST]00000000000000000000000000000000",
        }
        environment.update({k: v.replace("{folder}", self.folder.name) for k, v in (env or {}).items()})
        if self.frames_file:
            environment["_LAMBDA_TELEMETRY_LOG_FD"] = str(self.frames_file.fileno())
        self.process = subprocess.Popen(
            [str(part) for part in command],
            cwd=self.task,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=self.log_file,
            stderr=subprocess.STDOUT,
            pass_fds=[self.frames_file.fileno()] if self.frames_file else [],
        )

    def write(self, files):
        for name, text in files.items():
            path = Path(self.folder.name) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.api.close()
        self.log_file.close()
        if self.frames_file:
            self.frames_file.close()
        self.folder.cleanup()

    def send(self, event, raw=None, remaining_ms=3000, **headers):
        """Queues an event and returns its request id; a header's underscores become dashes."""
        self.count += 1
        request_id = "00000000-0000-4000-8000-%012d" % self.count
        sent = {
            "Lambda-Runtime-Aws-Request-Id": request_id,
            "Lambda-Runtime-Deadline-Ms": int(time.time() * 1000) + remaining_ms,
            "Lambda-Runtime-Invoked-Function-Arn": ARN,
            "Lambda-Runtime-Trace-Id": "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1",
        }
        sent.update({name.replace("_", "-"): value for name, value in headers.items()})
        self.api.send(raw if raw is not None else json.dumps(event).encode(), {k: v for k, v in sent.items() if v is not None})
        return request_id

    def next_post(self):
        try:
            return self.api.posts.get(timeout=GIVE_UP_SECONDS)
        except Exception:
            raise AssertionError("nothing was posted; the log says:\n" + self.log()) from None

    def invoke(self, event=None, **options):
        request_id = self.send(event, **options)
        post = self.next_post()
        expected = f"/2018-06-01/runtime/invocation/{request_id}/"
        assert post.path.startswith(expected), f"{post.path} {post.body[:2000]!r}\n{self.log()}"
        return post

    def result(self, event=None, **options):
        """The JSON result of an invocation that has to succeed."""
        post = self.invoke(event, **options)
        assert post.kind == "response", f"{post.body[:2000]!r}\n{self.log()}"
        return json.loads(post.body)

    def failure(self, event=None, **options):
        """The JSON error of an invocation that has to fail."""
        post = self.invoke(event, **options)
        assert post.kind == "error", f"{post.body[:2000]!r}\n{self.log()}"
        return json.loads(post.body)

    def init_error(self):
        post = self.next_post()
        assert post.path == "/2018-06-01/runtime/init/error", post.path
        return json.loads(post.body)

    def wait_until_asked(self):
        self.api.asked.get(timeout=GIVE_UP_SECONDS)

    def exit_code(self):
        return self.process.wait(timeout=GIVE_UP_SECONDS)

    def log(self):
        return self._text(self.log_file)

    def log_frames(self):
        return self._bytes(self.frames_file)

    def _text(self, file):
        return self._bytes(file).decode()

    @staticmethod
    def _bytes(file):
        return os.pread(file.fileno(), 16 * 1024 * 1024, 0)
