"""Every way a function can fail (AWS's payload for each), and that the next invocation works."""
import unittest

from functions import WithFunctions, log_of


class PythonFailures(WithFunctions):
    def test_a_raised_exception_is_the_languages_error_and_the_process_stays(self):
        name = self.function("raises", "app.raises")
        error, request_id = self.failure(name)
        self.assertEqual((error["errorType"], error["errorMessage"], error["requestId"]), ("ValueError", "no good", request_id))
        self.assertRegex(error["stackTrace"][-1], r'^  File ".*app\.py", line \d+, in raises\n')

    def test_a_missing_handler_is_told_twice_the_same(self):
        name = self.function("missing", "app.nobody")
        for _ in range(2):
            error, _ = self.failure(name)
            self.assertEqual((error["errorType"], error["errorMessage"]),
                             ("Runtime.HandlerNotFound", "Handler 'nobody' missing on module 'app'"))

    def test_an_import_error_names_the_module(self):
        error, _ = self.failure(self.function("imports", files={"app.py": "import nothing_like_it\ndef handler(e, c): pass"}))
        self.assertEqual((error["errorType"], error["errorMessage"]),
                         ("Runtime.ImportModuleError", "Unable to import module 'app': No module named 'nothing_like_it'"))

    def test_a_syntax_error_names_the_line(self):
        error, _ = self.failure(self.function("syntax", files={"app.py": "def handler(e, c):\n  return (\n"}))
        self.assertEqual(error["errorType"], "Runtime.UserCodeSyntaxError")
        self.assertRegex(error["errorMessage"], r"^Syntax error in module 'app': .*\(app\.py, line \d\)$")

    def test_an_exit_is_reported_with_its_status_and_the_next_invocation_works(self):
        name = self.function("leaves", "app.leaves")
        error, request_id = self.failure(name, {"leave": True, "status": 3})
        self.assertEqual(error, {"errorType": "Runtime.ExitError",
                                 "errorMessage": f"RequestId: {request_id} Error: Runtime exited with error: exit status 3"})
        self.assertEqual(self.invoke(name), "stayed")
        error, request_id = self.failure(name, {"leave": True, "status": 0})
        self.assertEqual(error["errorMessage"], f"RequestId: {request_id} Error: Runtime exited without providing a reason")
        self.assertEqual(self.invoke(name), "stayed")

    def test_sys_exit_escapes_the_handler(self):
        error, request_id = self.failure(self.function("escapes", "app.leaves"), {"leave": True})
        self.assertEqual(error["errorMessage"], f"RequestId: {request_id} Error: Runtime exited with error: exit status 3")

    def test_a_signal_is_reported_by_name_and_the_next_invocation_works(self):
        name = self.function("dies", "app.dies")
        for signal, said in ((9, "killed"), (11, "segmentation fault"), (6, "aborted"), (15, "terminated")):
            error, request_id = self.failure(name, {"signal": signal})
            self.assertEqual(error, {"errorType": "Runtime.ExitError",
                                     "errorMessage": f"RequestId: {request_id} Error: Runtime exited with error: signal: {said}"})
            self.assertEqual(self.invoke(name), "lives")

    def test_a_time_out_is_reported_in_seconds_and_the_next_invocation_works(self):
        name = self.function("sleeps", "app.sleeps", Timeout=1)
        pid = self.invoke(name, {"seconds": 0})["pid"]
        error, request_id = self.failure(name, {"seconds": 20})
        self.assertEqual(error, {"errorType": "Sandbox.Timedout",
                                 "errorMessage": f"RequestId: {request_id} Error: Task timed out after 1.00 seconds"})
        self.assertNotEqual(self.invoke(name, {"seconds": 0})["pid"], pid)
        self.assertNotIn(pid, self.emu.children())

    def test_the_log_says_what_happened(self):
        name = self.function("told", "app.sleeps", Timeout=1)
        log = log_of(self.functions.invoke(FunctionName=name, LogType="Tail", Payload=b'{"seconds":20}'))
        self.assertRegex(log, r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z \S{36} Task timed out after 1\.00 seconds\n\n")
        self.assertRegex(log, r"REPORT .*Status: timeout")

    def test_a_response_that_is_too_large_fails_and_the_process_stays(self):
        name = self.function("large", "app.large", Timeout=30)
        self.assertEqual(len(self.invoke(name, {"bytes": 6_291_554})), 6_291_554)
        error, _ = self.failure(name, {"bytes": 6_291_555})
        self.assertEqual(error, {"errorType": "Function.ResponseSizeTooLarge",
                                 "errorMessage": "Response payload size exceeded maximum allowed payload size (6291556 bytes)."})
        self.assertEqual(len(self.invoke(name, {"bytes": 1})), 1)

    def test_a_result_that_is_no_json_fails_to_marshal(self):
        error, _ = self.failure(self.function("sets", files={"app.py": "def handler(e, c): return {1, 2}"}))
        self.assertEqual((error["errorType"], error["errorMessage"]),
                         ("Runtime.MarshalError", "Unable to marshal response: Object of type set is not JSON serializable"))


class NodeFailures(WithFunctions):
    def node(self, name, handler, **more):
        return self.function(name, f"app.{handler}", "nodejs20.x", **more)

    def test_a_thrown_error_has_a_trace(self):
        error, _ = self.failure(self.node("throws", "raises"))
        self.assertEqual((error["errorType"], error["errorMessage"], error["trace"][0]), ("TypeError", "no good", "TypeError: no good"))

    def test_an_unhandled_rejection_ends_the_process_and_the_next_invocation_works(self):
        name = self.node("rejects", "rejects")
        error, _ = self.failure(name, {"reject": True})
        self.assertEqual((error["errorType"], error["errorMessage"]),
                         ("Runtime.UnhandledPromiseRejection", "Error: nobody caught this"))
        self.assertEqual(self.invoke(name), "kept")

    def test_a_promise_that_never_settles_is_told_apart_from_a_time_out(self):
        name = self.node("never", "never")
        self.assertEqual(self.failure(name, {"never": True})[0]["errorType"], "Runtime.NodeJsExit")
        self.assertEqual(self.invoke(name), "settled")

    def test_an_exit_is_reported_with_its_status_and_the_next_invocation_works(self):
        name = self.node("leaves-node", "leaves")
        error, request_id = self.failure(name, {"leave": True})
        self.assertEqual(error["errorType"], "Runtime.ExitError")
        self.assertEqual(error["errorMessage"], f"RequestId: {request_id} Error: Runtime exited with error: exit status 7")
        self.assertEqual(self.invoke(name), "stayed")

    def test_a_missing_export_and_a_missing_file_are_told(self):
        error, _ = self.failure(self.node("export", "nobody"))
        self.assertEqual((error["errorType"], error["errorMessage"]),
                         ("Runtime.HandlerNotFound", "app.nobody is undefined or not exported"))
        error, _ = self.failure(self.function("file", "other.handler", "nodejs20.x"))
        self.assertEqual(error["errorType"], "Runtime.ImportModuleError")
        self.assertRegex(error["errorMessage"], "^Error: Cannot find module 'other'")

    def test_a_syntax_error_is_told(self):
        error, _ = self.failure(self.function("broken", "app.handler", "nodejs20.x", {"app.js": "exports.handler = async () => {"}))
        self.assertEqual(error["errorType"], "Runtime.UserCodeSyntaxError")
        self.assertRegex(error["errorMessage"], "^SyntaxError: ")

    def test_a_circular_result_cannot_be_stringified(self):
        error, _ = self.failure(self.node("circular", "circular"))
        self.assertEqual((error["errorType"], error["errorMessage"]), ("Error", "Unable to stringify response body"))


class BootstrapFailures(WithFunctions):
    def test_a_bootstrap_that_is_not_there_is_an_invalid_entrypoint(self):
        error, _ = self.failure(self.function("none", "any", "provided.al2023", {"other": "x"}))
        self.assertEqual(error["errorType"], "Runtime.InvalidEntrypoint")

    def test_a_bootstrap_that_exits_is_an_exit_error(self):
        error, request_id = self.failure(self.function("exits", "any", "provided.al2023", {"bootstrap": "#!/bin/sh\nexit 5\n"}))
        self.assertEqual(error, {"errorType": "Runtime.ExitError",
                                 "errorMessage": f"RequestId: {request_id} Error: Runtime exited with error: exit status 5"})


if __name__ == "__main__":
    unittest.main()
