"""The sample functions in Python, Node and C++, deployed from their own serverless.yml, by `emu invoke` and the AWS CLI."""
import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from daemon import EMU, SAMPLES, Daemon, until


class Sample:
    """Serves a copy of one folder of sample-functions; `language` names it."""
    language = None

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="emu-sample-")
        cls.addClassCleanup(folder.cleanup)
        project = Path(folder.name) / cls.language
        shutil.copytree(SAMPLES / cls.language, project, ignore=shutil.ignore_patterns("build", "node_modules", ".emu"))
        cls.prepare(project)
        cls.emu = Daemon(project)
        cls.addClassCleanup(cls.emu.close)
        cls.emu.start()
        until("the sample is deployed", lambda: cls.emu.healthy() and len(cls.emu.status()["functions"]) >= 2)

    @classmethod
    def prepare(cls, project):
        """What a user does before `emu up`."""

    def by_emu(self, function, event):
        done = subprocess.run([EMU, "invoke", function, "--port", str(self.emu.port), "--payload", json.dumps(event)],
                              capture_output=True, text=True, timeout=60)
        return done.returncode, json.loads(done.stdout or "null")

    def by_aws(self, function, event):
        with tempfile.NamedTemporaryFile() as answer:
            said = self.emu.aws("lambda", "invoke", "--function-name", f"sample-{self.language}-dev-{function}", "--payload",
                                json.dumps(event), "--cli-binary-format", "raw-in-base64-out", answer.name)
            return said.get("FunctionError"), json.loads(Path(answer.name).read_text())

    def fails(self, event, error_type, message=None):
        status, error = self.by_emu("failures", event)
        self.assertEqual((status, error["errorType"]), (1, error_type), error)
        if message:
            self.assertIn(message, error["errorMessage"])
        self.assertEqual(self.by_emu("failures", {"mode": "none"})[0], 0)  # the next invocation works


class Python(Sample, unittest.TestCase):
    language = "python"

    def test_it_greets_by_both_clients(self):
        self.assertEqual(self.by_emu("hello", {"name": "emu"})[1]["message"], "hello emu")
        error, answer = self.by_aws("hello", {"name": "aws"})
        self.assertEqual((error, answer["message"]), (None, "hello aws"))

    def test_its_failures_are_awss(self):
        self.fails({"mode": "raise"}, "KeyError", "no such order")
        self.fails({"mode": "set"}, "Runtime.MarshalError")
        self.fails({"mode": "exit", "status": 4}, "Runtime.ExitError", "exit status 4")
        self.fails({"mode": "sleep", "ms": 20000}, "Sandbox.Timedout", "Task timed out after 2.00 seconds")
        self.fails({"mode": "oversize"}, "Function.ResponseSizeTooLarge")


class Node(Sample, unittest.TestCase):
    language = "node"

    def test_it_greets_by_both_clients(self):
        self.assertEqual(self.by_emu("hello", {"name": "emu"})[1]["message"], "hello emu")
        error, answer = self.by_aws("hello", {"name": "aws"})
        self.assertEqual((error, answer["message"]), (None, "hello aws"))


class Cpp(Sample, unittest.TestCase):
    language = "cpp"

    @classmethod
    def prepare(cls, project):
        built = Path(EMU).parent / "sample-functions/cpp"
        (project / "build").mkdir()
        for name in ("echo.zip", "failures.zip"):
            shutil.copy(built / name, project / "build" / name)

    def test_it_echoes_by_both_clients(self):
        event = {"text": "ü", "n": [1, None, {"x": 2.5}]}
        self.assertEqual(self.by_emu("echo", event), (0, event))
        self.assertEqual(self.by_aws("echo", event), (None, event))

    def test_its_failures_are_awss(self):
        self.fails({"mode": "segfault"}, "Runtime.ExitError", "signal: segmentation fault")
        self.fails({"mode": "exit", "status": 4}, "Runtime.ExitError", "exit status 4")
        self.fails({"mode": "sleep", "ms": 20000}, "Sandbox.Timedout", "Task timed out after 2.00 seconds")


if __name__ == "__main__":
    unittest.main()
