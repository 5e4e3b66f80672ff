"""What a C++ function sees and what its callers get: the sample functions, compiled against the C++ client library."""

import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from function_under_test import ARN, ROOT, FunctionUnderTest

COMPILER = os.environ.get("CXX") or shutil.which("clang++-19") or shutil.which("clang++")
SAMPLES = ROOT / "sample-functions" / "cpp"
SIGSEGV, SIGABRT = 11, 6


def compile_samples(folder):
    """Library and samples at once, then two links: about as long as the slowest file alone."""
    flags = subprocess.run(["pkg-config", "--cflags", "cpp-httplib"], capture_output=True, text=True, check=True).stdout
    sources = [ROOT / "runtime-api" / "client" / "runtime.cpp", SAMPLES / "echo.cpp", SAMPLES / "failures.cpp"]
    command = [COMPILER, "-std=c++23", "-O0", "-Wall", "-Wextra", "-Wpedantic", "-Werror", f"-I{ROOT}", *flags.split()]
    running = [subprocess.Popen([*command, "-c", source, "-o", folder / (source.stem + ".o")]) for source in sources]
    assert all(process.wait() == 0 for process in running), "the samples do not compile"
    for name in ("echo", "failures"):
        objects = [folder / f"{name}.o", folder / "runtime.o"]
        subprocess.run([COMPILER, *objects, "-lcpp-httplib", "-o", folder / name], check=True)


@unittest.skipUnless(COMPILER, "no clang++ to compile the samples with")
class CppFunction(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="emu-client-test-")
        cls.programs = Path(cls.folder.name)
        cls.addClassCleanup(cls.folder.cleanup)
        compile_samples(cls.programs)

    def function(self, name="failures"):
        return FunctionUnderTest([self.programs / name], {}, name)

    def test_the_payload_arrives_and_returns_byte_for_byte(self):
        with self.function("echo") as function:
            for raw in (b"{}", b'{"a" : "\xc3\xa9"}\n', b'"' + b"x" * 3_000_000 + b'"'):
                post = function.invoke(raw=raw)
                self.assertEqual((post.kind, post.body), ("response", raw))
                self.assertEqual(post.headers["content-type"], "application/json")

    def test_many_invocations_share_one_connection(self):
        with self.function("echo") as function:
            for number in range(50):
                self.assertEqual(function.result(number), number)
            self.assertEqual(function.api.connections, 1)

    def test_a_process_survives_a_closed_idle_connection(self):
        with self.function("echo") as function:
            function.send(1, Connection="close")
            self.assertEqual(function.next_post().body, b"1")
            self.assertEqual(function.result(2), 2)

    def test_the_request_describes_the_invocation(self):
        with self.function() as function:
            seen = function.result(
                {},
                remaining_ms=5000,
                Lambda_Runtime_Trace_Id="Root=1",
                Lambda_Runtime_Client_Context='{"custom":{}}',
                Lambda_Runtime_Cognito_Identity='{"cognitoIdentityId":"i"}',
            )
            self.assertTrue(0 < seen.pop("remaining_ms") <= 5000)
            self.assertEqual(
                seen,
                {
                    "request_id": "00000000-0000-4000-8000-000000000001",
                    "function_arn": ARN,
                    "trace_id": "Root=1",
                    "trace_variable": "Root=1",
                    "client_context": '{"custom":{}}',
                    "cognito_identity": '{"cognitoIdentityId":"i"}',
                },
            )

    def test_a_failure_has_message_type_and_an_empty_trace(self):
        with self.function() as function:
            post = function.invoke({"mode": "fail"})
            self.assertEqual(post.kind, "error")
            self.assertEqual(post.body, b'{"errorMessage":"said \\"no\\"\\u000a","errorType":"OrderRejected","stackTrace":[]}')
            self.assertNotIn("lambda-runtime-function-error-type", post.headers)

    def test_an_exception_becomes_a_failure_and_the_process_lives_on(self):
        with self.function() as function:
            error = function.failure({"mode": "throw"})
            self.assertEqual(error, {"errorMessage": "no such order", "errorType": "std::out_of_range", "stackTrace": []})
            self.assertEqual(function.failure({"mode": "throw_int"})["errorType"], "int")
            self.assertEqual(function.failure(raw=b"{oops")["errorType"].split("::")[0], "nlohmann")
            self.assertIn("request_id", function.result({}))

    def test_what_it_prints_is_flushed_before_the_result_is_posted(self):
        with self.function() as function:
            function.invoke({"mode": "fail"})
            self.assertEqual(function.log(), 'event {"mode": "fail"}\n')

    def test_a_refused_result_leaves_the_function_warm(self):
        with self.function() as function:
            self.assertEqual(len(function.invoke({"mode": "oversize"}).body), 7_000_002)
            self.assertIn("request_id", function.result({}))

    def test_crashes_and_exits_reach_the_platform_as_they_are(self):
        ends = [({"mode": "exit", "status": 3}, 3), ({"mode": "segfault"}, -SIGSEGV), ({"mode": "abort"}, -SIGABRT)]
        for event, status in ends:
            with self.function() as function:
                function.send(event)
                self.assertEqual(function.exit_code(), status)
                self.assertTrue(function.api.posts.empty())

    def test_a_failing_next_is_tried_three_times(self):
        with self.function("echo") as function:
            for _ in range(3):
                function.api.send(b"{}", {}, status=500)
            self.assertEqual(function.exit_code(), 0)
            self.assertEqual(function.log().count("status 500"), 3)

    def test_a_program_started_by_hand_says_what_it_is(self):
        done = subprocess.run([self.programs / "echo"], env={}, capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("AWS_LAMBDA_RUNTIME_API is not set", done.stderr)


class SampleFolders(unittest.TestCase):
    """The functions under sample-functions/node and python load and answer."""

    def check(self, runtime, handler, event, check):
        from node_test import NODE
        from python_test import PYTHON

        folder = ROOT / "sample-functions" / runtime
        files = {file.name: file.read_text() for file in folder.iterdir() if file.suffix in (".js", ".mjs", ".py")}
        command = ["node", NODE / "index.cjs"] if runtime == "node" else ["/usr/bin/python3", PYTHON / "bootstrap.py"]
        with FunctionUnderTest(command, files, handler) as function:
            check(function.invoke(event))

    def test_hello_greets(self):
        for runtime in ("node", "python"):
            with self.subTest(runtime):
                self.check(runtime, "handler.hello", {"name": "Ada"}, lambda post: self.assertIn(b"hello Ada", post.body))

    def test_the_stream_greets_behind_its_metadata(self):
        self.check("node", "handler.stream", {}, lambda post: self.assertEqual(post.body.split(bytes(8))[1], b"hello world"))

    def test_failures_fail_as_asked(self):
        expected = {"node": ("throw", "RangeError"), "python": ("raise", "KeyError")}
        for runtime, (mode, error_type) in expected.items():
            with self.subTest(runtime):
                check = lambda post: self.assertEqual(json.loads(post.body)["errorType"], error_type)
                self.check(runtime, "failures.handler", {"mode": mode}, check)


if __name__ == "__main__":
    unittest.main()
