"""What a Python function sees and what its callers get: the Python runtime client driven with the real python3."""

import json
import struct
import sys
import unittest

from function_under_test import ARN, BOOTSTRAP, FunctionUnderTest

PYTHON = BOOTSTRAP / "python"
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
NBSP = "\u00a0"


def python(files, handler="h.handler", execution_env="AWS_Lambda_python3.11", env=None, **options):
    if isinstance(files, str):
        files = {"h.py": files}
    variables = {"AWS_EXECUTION_ENV": execution_env, **(env or {})}
    return FunctionUnderTest([sys.executable, PYTHON / "bootstrap.py"], files, handler, PYTHON, variables, **options)


def returning(expression, **options):
    return python(f"def handler(event, context):\n    return {expression}\n", **options)


class HandlerNames(unittest.TestCase):
    CODE = "def handler(event, context):\n    return 'loaded'\n"

    def loads(self, files, handler):
        with python(files, handler) as function:
            self.assertEqual(function.result({}), "loaded")

    def fails(self, files, handler, error_type, message, trace=()):
        with python(files, handler) as function:
            error = function.init_error()
            self.assertEqual(list(error), ["errorMessage", "errorType", "requestId", "stackTrace"])
            self.assertEqual((error["errorType"], error["errorMessage"]), (error_type, message))
            self.assertEqual(error["requestId"], "")
            self.assertEqual(error["stackTrace"], [entry.replace("{task}", str(function.task)) for entry in trace])
            self.assertEqual(function.exit_code(), 1)
            return function.log()

    def test_the_last_dot_parts_module_and_function(self):
        self.loads({"h.py": self.CODE}, "h.handler")

    def test_slashes_name_packages(self):
        self.loads({"src/handlers/x.py": self.CODE}, "src/handlers/x.handler")

    def test_dots_name_packages(self):
        self.loads({"src/handlers/x.py": self.CODE}, "src.handlers.x.handler")

    def test_a_module_called_bootstrap_is_the_users_own(self):
        with python({"bootstrap.py": self.CODE}, "bootstrap.handler") as function:
            self.assertEqual(function.result({}), "loaded")

    def test_a_name_without_dot_is_malformed(self):
        message = "Bad handler 'handler': not enough values to unpack (expected 2, got 1)"
        self.fails("", "handler", "Runtime.MalformedHandlerName", message)

    def test_a_builtin_module_is_refused(self):
        message = "Cannot use built-in module sys as a handler module"
        self.fails("", "sys.handler", "Runtime.BuiltInModuleConflict", message)

    def test_a_missing_module_is_an_import_error(self):
        message = "Unable to import module 'gone': No module named 'gone'"
        self.fails("", "gone.handler", "Runtime.ImportModuleError", message)

    def test_a_missing_import_of_the_module_is_an_import_error(self):
        message = "Unable to import module 'h': No module named 'gone'"
        log = self.fails("import gone\n", "h.handler", "Runtime.ImportModuleError", message)
        self.assertRegex(log, rf"^\[WARNING\]\t{TIME}\t\tLAMBDA_WARNING: Unhandled exception\. The most likely cause")
        self.assertTrue(log.endswith(f"[ERROR] Runtime.ImportModuleError: {message}\rTraceback (most recent call last):\n"))

    def test_a_syntax_error_names_file_and_line(self):
        message = "Syntax error in module 'h': invalid syntax (h.py, line 2)"
        trace = ['  File "{task}/h.py" Line 2\n    x = = 1\n']
        self.fails("import json\nx = = 1\n", "h.handler", "Runtime.UserCodeSyntaxError", message, trace)

    def test_a_missing_function_is_handler_not_found(self):
        message = "Handler 'handler' missing on module 'h'"
        self.fails("", "h.handler", "Runtime.HandlerNotFound", message)

    def test_an_exception_at_import_keeps_its_own_type_and_frames(self):
        with python("def check():\n    raise ValueError('no')\ncheck()\n") as function:
            error = function.init_error()
            self.assertEqual((error["errorType"], error["errorMessage"]), ("ValueError", "no"))
            frame = f"  File \"{function.task}/h.py\", line 2, in check\n    raise ValueError('no')\n"
            self.assertEqual(error["stackTrace"][-1], frame)
            self.assertNotIn("emu_runtime", "".join(error["stackTrace"]))
            self.assertEqual(function.exit_code(), 1)

    def test_the_error_type_travels_in_a_header(self):
        with python("raise ValueError('no')") as function:
            self.assertEqual(function.next_post().headers["lambda-runtime-function-error-type"], "ValueError")

    def test_sys_exit_at_import_ends_the_process_with_its_status(self):
        with python("import sys\nsys.exit(5)\n") as function:
            self.assertEqual(function.exit_code(), 5)
            self.assertTrue(function.api.posts.empty())

    def test_modules_come_from_task_root_then_layers_then_python(self):
        files = {"h.py": "import sys, layered\ndef handler(event, context):\n    return [layered.name, sys.path[:3]]\n"}
        files["../opt/python/layered.py"] = "name = 'layer'\n"
        with python(files, env={"LAMBDA_OPT_DIR": "{folder}/opt"}) as function:
            name, path = function.result({})
            self.assertEqual(name, "layer")
            self.assertEqual(path[0], str(function.task))
            self.assertTrue(path[1].endswith("/opt/python/lib/python%d.%d/site-packages" % sys.version_info[:2]))
            self.assertTrue(path[2].endswith("/opt/python"))


class Results(unittest.TestCase):
    def check(self, expression, body, event=None, **options):
        with returning(expression, **options) as function:
            post = function.invoke(event)
            self.assertEqual((post.kind, post.body.decode()), ("response", body))
            return post

    def test_separators_have_spaces(self):
        self.check("{'a': [1, 2.5], 'b': None, 'e': event}", '{"a": [1, 2.5], "b": null, "e": {"k": true}}', {"k": True})

    def test_none_is_null(self):
        self.check("None", "null")

    def test_non_ascii_is_escaped_up_to_3_11(self):
        self.check("'é'", '"\\u00e9"')

    def test_non_ascii_is_raw_from_3_12_on(self):
        for version in ("12", "13"):
            self.check("'é'", '"é"', execution_env=f"AWS_Lambda_python3.{version}")

    def test_a_decimal_is_a_bare_number(self):
        expression = "__import__('decimal').Decimal('1.50'), {'n': [__import__('decimal').Decimal('1E+3'), 'x']}"
        self.check(expression, '[1.50, {"n": [1E+3, "x"]}]')

    def test_a_decimal_that_is_no_number_is_nan(self):
        self.check("__import__('decimal').Decimal('NaN')", "NaN")

    def test_a_namedtuple_is_an_object(self):
        expression = "{'p': [__import__('collections').namedtuple('P', 'x y')(1, (2, 3))]}"
        self.check(expression, '{"p": [{"x": 1, "y": [2, 3]}]}')

    def test_nan_and_infinity_are_written_literally(self):
        self.check("[float('nan'), float('inf'), -float('inf')]", "[NaN, Infinity, -Infinity]")

    def test_bytes_are_sent_as_they_are(self):
        with returning("b'\\x00\\xff'") as function:
            post = function.invoke({})
            self.assertEqual((post.body, post.headers["content-type"]), (b"\x00\xff", "application/unknown"))

    def test_json_results_say_so(self):
        self.assertEqual(self.check("1", "1").headers["content-type"], "application/json")

    def test_an_event_that_is_not_json_arrives_as_bytes(self):
        with returning("[type(event).__name__, len(event)]") as function:
            self.assertEqual(function.result(raw=b"\x01\x02", Content_Type="application/octet-stream"), ["bytes", 2])

    def test_many_invocations_share_one_connection(self):
        with returning("event") as function:
            for number in range(50):
                self.assertEqual(function.result(number), number)
            self.assertEqual(function.api.connections, 1)

    def test_a_large_event_and_result_pass_unchanged(self):
        event = {"text": "äß" * 500_000}
        with returning("event") as function:
            self.assertEqual(function.result(event), event)

    def test_a_result_that_is_refused_as_too_large_leaves_the_function_warm(self):
        with returning("'x' * event") as function:
            self.assertEqual(len(function.invoke(7_000_000).body), 7_000_002)
            self.assertEqual(function.result(2), "xx")

    def test_a_process_survives_a_closed_idle_connection(self):
        with returning("event") as function:
            function.send(1, Connection="close")
            self.assertEqual(function.next_post().body, b"1")
            self.assertEqual(function.result(2), 2)


class Failures(unittest.TestCase):
    def fails_to_marshal(self, expression, message):
        with returning(expression) as function:
            error = function.failure({})
            self.assertEqual(error["errorType"], "Runtime.MarshalError")
            self.assertEqual(error["errorMessage"], "Unable to marshal response: " + message)
            self.assertEqual(error["stackTrace"], [])

    def test_a_raised_exception_has_type_message_request_and_frames(self):
        code = "def inner():\n    raise KeyError('k')\n\ndef handler(event, context):\n    inner()\n"
        with python(code) as function:
            post = function.invoke({})
            error = json.loads(post.body)
            self.assertEqual(list(error), ["errorMessage", "errorType", "requestId", "stackTrace"])
            self.assertEqual((error["errorType"], error["errorMessage"]), ("KeyError", "'k'"))
            self.assertEqual(error["requestId"], post.path.split("/")[4])
            self.assertEqual(
                error["stackTrace"],
                [
                    f'  File "{function.task}/h.py", line 5, in handler\n    inner()\n',
                    f"  File \"{function.task}/h.py\", line 2, in inner\n    raise KeyError('k')\n",
                ],
            )
            self.assertEqual(post.headers["lambda-runtime-function-error-type"], "KeyError")
            self.assertEqual(
                function.log(),
                f"[ERROR] KeyError: 'k'\rTraceback (most recent call last):\r"
                f'{NBSP * 2}File "{function.task}/h.py", line 5, in handler\r{NBSP * 4}inner()\r'
                f"{NBSP * 2}File \"{function.task}/h.py\", line 2, in inner\r{NBSP * 4}raise KeyError('k')\n",
            )
            self.assertEqual(function.failure({})["errorType"], "KeyError")  # still warm

    def test_a_set_cannot_be_marshalled(self):
        self.fails_to_marshal("{1}", "Object of type set is not JSON serializable")

    def test_bytes_inside_a_result_cannot_be_marshalled(self):
        self.fails_to_marshal("[b'x']", "Object of type bytes is not JSON serializable")

    def test_a_datetime_cannot_be_marshalled(self):
        self.fails_to_marshal("__import__('datetime').datetime.now()", "Object of type datetime is not JSON serializable")

    def test_a_circular_result_cannot_be_marshalled(self):
        with python("def handler(event, context):\n    a = []\n    a.append(a)\n    return a\n") as function:
            self.assertEqual(function.failure({})["errorMessage"], "Unable to marshal response: Circular reference detected")

    def test_an_event_that_is_not_json_is_an_unmarshal_error(self):
        with returning("event") as function:
            error = function.failure(raw=b"{oops")
            self.assertEqual(error["errorType"], "Runtime.UnmarshalError")
            self.assertTrue(error["errorMessage"].startswith("Unable to unmarshal input: Expecting property name"))

    def test_a_client_context_that_is_not_json_is_its_own_error(self):
        with returning("event") as function:
            error = function.failure({}, Lambda_Runtime_Client_Context="{oops")
            self.assertEqual(error["errorType"], "Runtime.LambdaContextUnmarshalError")
            self.assertTrue(error["errorMessage"].startswith("Unable to parse Client Context JSON: "))

    def test_system_exit_ends_the_process_with_its_status(self):
        for statement, status in [("sys.exit(3)", 3), ("sys.exit()", 0), ("raise KeyboardInterrupt", -2)]:
            with python(f"import sys\ndef handler(event, context):\n    {statement}\n") as function:
                function.send({})
                self.assertEqual(function.exit_code(), status)
                self.assertTrue(function.api.posts.empty())

    def test_the_process_ends_when_the_runtime_api_is_gone(self):
        with returning("event") as function:
            function.wait_until_asked()
            function.api.close()
            self.assertEqual(function.exit_code(), 1)


class Context(unittest.TestCase):
    CODE = """
import os
def handler(event, context):
    return {
        **{name: getattr(context, name) for name in event},
        'left': context.get_remaining_time_in_millis(),
        'trace': os.environ.get('_X_AMZN_TRACE_ID'),
        'cwd': os.getcwd(),
        'identity': repr(context.identity),
        'client': context.client_context and [context.client_context.custom, context.client_context.client.app_title],
    }
"""
    NAMES = (
        "function_name function_version invoked_function_arn memory_limit_in_mb aws_request_id log_group_name "
        "log_stream_name tenant_id"
    ).split()

    def test_the_context_describes_function_and_invocation(self):
        with python(self.CODE) as function:
            context = function.result(self.NAMES, remaining_ms=5000)
            self.assertTrue(0 < context["left"] <= 5000)
            self.assertEqual(context["function_name"], "hello")
            self.assertEqual(context["function_version"], "$LATEST")
            self.assertEqual(context["invoked_function_arn"], ARN)
            self.assertEqual(context["memory_limit_in_mb"], "128")
            self.assertEqual(context["aws_request_id"], "00000000-0000-4000-8000-000000000001")
            self.assertEqual(context["log_group_name"], "/aws/lambda/hello")
            self.assertIn("[$LATEST]", context["log_stream_name"])
            self.assertIsNone(context["tenant_id"])
            self.assertIsNone(context["client"])
            self.assertEqual(context["identity"], "CognitoIdentity([cognito_identity_id=None,cognito_identity_pool_id=None])")
            self.assertEqual(context["cwd"], str(function.task))

    def test_client_context_identity_and_tenant_come_from_headers(self):
        with python(self.CODE) as function:
            context = function.result(
                ["tenant_id"],
                Lambda_Runtime_Client_Context='{"custom":{"k":"v"},"client":{"app_title":"t"}}',
                Lambda_Runtime_Cognito_Identity='{"cognitoIdentityId":"i","cognitoIdentityPoolId":"p"}',
                Lambda_Runtime_Aws_Tenant_Id="blue",
            )
            self.assertEqual(context["client"], [{"k": "v"}, "t"])
            self.assertEqual(context["identity"], "CognitoIdentity([cognito_identity_id=i,cognito_identity_pool_id=p])")
            self.assertEqual(context["tenant_id"], "blue")

    def test_remaining_time_is_never_negative(self):
        with python(self.CODE) as function:
            self.assertEqual(function.result([], remaining_ms=-50)["left"], 0)

    def test_the_trace_id_is_set_for_each_invocation(self):
        with python(self.CODE) as function:
            self.assertEqual(function.result([], Lambda_Runtime_Trace_Id="Root=1")["trace"], "Root=1")
            self.assertIsNone(function.result([], Lambda_Runtime_Trace_Id=None)["trace"])


class TextLogs(unittest.TestCase):
    def log_of(self, statements, env=None, **options):
        code = "import logging\nlogger = logging.getLogger('mine')\ndef handler(event, context):\n    %s\n" % statements
        with python(code, env=env, **options) as function:
            function.invoke({})
            return function.log() or function.log_frames().decode("latin-1")

    def test_a_record_has_level_time_and_request(self):
        log = self.log_of("logger.warning('w %d', 7)")
        self.assertRegex(log, rf"^\[WARNING\]\t{TIME}\t00000000-0000-4000-8000-000000000001\tw 7\n$")

    def test_the_root_logger_starts_at_warning(self):
        self.assertEqual(self.log_of("logger.info('unseen'); print('seen')"), "seen\n")

    def test_a_function_can_lower_the_level_itself(self):
        self.assertIn("\tseen\n", self.log_of("logging.getLogger().setLevel('INFO'); logger.info('seen')"))

    def test_basic_config_adds_nothing_as_a_handler_is_there(self):
        self.assertEqual(self.log_of("logging.basicConfig(level='INFO'); logger.info('unseen'); print(1)"), "1\n")

    def test_print_is_raw(self):
        self.assertEqual(self.log_of("print('a\\nb'); print('c', end='')"), "a\nb\nc")

    def test_logging_is_not_imported_for_a_function_that_does_not_use_it(self):
        with python("import sys\ndef handler(event, context):\n    return 'logging' in sys.modules\n") as function:
            self.assertFalse(function.result({}))

    def test_logging_imported_late_still_has_the_handler(self):
        with python("def handler(event, context):\n    import logging\n    logging.error('late')\n") as function:
            function.result({})
            self.assertRegex(function.log(), rf"^\[ERROR\]\t{TIME}\t\S+\tlate\n$")

    def test_framed_records_keep_their_line_feeds(self):
        with python("def handler(event, context):\n    raise ValueError('a')\n", log_frames=True) as function:
            function.failure({})
            frame = function.log_frames()
            kind, length, _ = struct.unpack(">IIQ", frame[:16])
            self.assertEqual((kind, length), (0xA55A0003 | 0x14, len(frame) - 16))
            self.assertTrue(frame[16:].startswith(b"[ERROR] ValueError: a\nTraceback (most recent call last):\n"))
            self.assertEqual(function.log(), "")


class JsonLogs(unittest.TestCase):
    def records(self, statements, level="DEBUG", **headers):
        code = "import logging\nlogger = logging.getLogger('mine')\ndef handler(event, context):\n    %s\n" % statements
        env = {"AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": level}
        with python(code, env=env) as function:
            function.invoke({}, **headers)
            return [json.loads(line) for line in function.log().splitlines()]

    def test_a_record_has_timestamp_level_message_logger_and_request(self):
        (record,) = self.records("logger.info('x %s', 'é')")
        self.assertEqual(list(record), ["timestamp", "level", "message", "logger", "requestId"])
        self.assertRegex(record["timestamp"], f"^{TIME}$")
        self.assertEqual((record["level"], record["message"], record["logger"]), ("INFO", "x é", "mine"))

    def test_extra_fields_are_included(self):
        self.assertEqual(self.records("logger.info('x', extra={'order': 7})")[0]["order"], 7)

    def test_an_exception_gives_its_fields(self):
        (record,) = self.records("\n    try:\n        1 / 0\n    except Exception:\n        logger.exception('failed')")
        self.assertEqual((record["errorType"], record["errorMessage"]), ("ZeroDivisionError", "division by zero"))
        self.assertIn("h.py", record["stackTrace"][0])
        self.assertRegex(record["location"], r"/h\.py:handler:\d+$")

    def test_levels_below_the_configured_one_are_dropped(self):
        records = self.records("logger.info(1); logger.warning(2); logger.error(3)", level="WARN")
        self.assertEqual([record["level"] for record in records], ["WARNING", "ERROR"])

    def test_trace_means_debug(self):
        self.assertEqual(self.records("logger.debug(1)", level="TRACE")[0]["level"], "DEBUG")

    def test_the_tenant_is_named(self):
        self.assertEqual(self.records("logger.info(1)", Lambda_Runtime_Aws_Tenant_Id="blue")[0]["tenantId"], "blue")

    def test_a_failed_invocation_is_one_record_with_log_level(self):
        (record,) = self.records("raise ValueError('v')")
        self.assertEqual(record["log_level"], "ERROR")
        self.assertEqual((record["errorType"], record["errorMessage"]), ("ValueError", "v"))
        self.assertEqual(len(record["stackTrace"]), 1)


class SnapStart(unittest.TestCase):
    HOOKS = "before, after = [], []\nget_before_snapshot = lambda: before\nget_after_restore = lambda: after\n"
    ENV = {"AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start"}

    def function(self, code):
        return python({"snapshot_restore_py.py": self.HOOKS, "h.py": "import snapshot_restore_py as s\n" + code}, env=self.ENV)

    def test_hooks_run_around_the_restore(self):
        code = "seen = []\ns.before.append((seen.append, ['before'], {}))\ns.after.append((seen.append, ['after'], {}))\ndef handler(event, context):\n    return seen\n"
        with self.function(code) as function:
            function.api.send(b"", {})
            self.assertEqual(function.result({}), ["before", "after"])

    def test_a_failing_hook_before_the_snapshot_exits_with_64(self):
        with self.function("def handler(event, context): pass\ns.before.append((int, ['x'], {}))\n") as function:
            self.assertEqual(function.init_error()["errorType"], "ValueError")
            self.assertEqual(function.exit_code(), 64)

    def test_a_failing_hook_after_the_restore_exits_with_65(self):
        with self.function("def handler(event, context): pass\ns.after.append((int, ['x'], {}))\n") as function:
            function.api.send(b"", {})
            self.assertEqual(function.next_post().path, "/2018-06-01/runtime/restore/error")
            self.assertEqual(function.exit_code(), 65)

    def test_a_function_without_hooks_goes_straight_to_its_invocations(self):
        with returning("event", env=self.ENV) as function:
            self.assertEqual(function.result(1), 1)


if __name__ == "__main__":
    unittest.main()
