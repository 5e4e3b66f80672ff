"""What a Node function sees and what its callers get: the Node runtime client driven with the real node."""

import json
import unittest

from function_under_test import ARN, BOOTSTRAP, FunctionUnderTest

NODE = BOOTSTRAP / "nodejs"
NODE_JS_EXIT = "The Lambda runtime client detected an unexpected Node.js exit code."
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"


def node(files, handler="index.handler", execution_env="AWS_Lambda_nodejs20.x", env=None, **options):
    if isinstance(files, str):
        files = {"index.js": files}
    variables = {"AWS_EXECUTION_ENV": execution_env, **(env or {})}
    return FunctionUnderTest(["node", NODE / "index.cjs"], files, handler, NODE, variables, **options)


class Start(unittest.TestCase):
    CODE = """
        const v8 = require('v8');
        const mib = () => Math.round(v8.getHeapStatistics().heap_size_limit / (1 << 20));
        exports.handler = async () => [typeof gc, mib() < 200, require.main === undefined, process.noDeprecation === undefined];
    """

    def test_limits_given_as_flags_hold_though_the_flags_are_taken_back(self):
        flags = ["--expose-gc", "--max-semi-space-size=6", "--max-old-space-size=115"]
        variables = {"AWS_EXECUTION_ENV": "AWS_Lambda_nodejs20.x"}
        with FunctionUnderTest(["node", *flags, NODE / "index.cjs"], {"index.js": self.CODE}, "index.handler", NODE, variables) as function:
            self.assertEqual(function.result({}), ["function", True, True, True])
            self.assertNotIn("Deprecation", function.log())

    def test_the_function_sees_the_flags_of_aws_only(self):
        code = """
            const { fork } = require('child_process');
            const child = 'process.send(process.execArgv)';
            exports.handler = () => new Promise((done) => {
              require('fs').writeFileSync(process.env.CHILD, child);
              fork(process.env.CHILD).on('message', (forked) => done([process.execArgv, forked]));
            });
        """
        flags = ["--expose-gc", "--max-http-header-size=81920"]
        variables = {"AWS_EXECUTION_ENV": "AWS_Lambda_nodejs20.x", "CHILD": "{folder}/child.js"}
        command = ["node", "--v8-pool-size=1", *flags, NODE / "index.cjs"]
        with FunctionUnderTest(command, {"index.js": code}, "index.handler", NODE, variables) as function:
            self.assertEqual(function.result({}), [flags, flags])

    def test_without_flags_there_is_nothing_to_take_back(self):
        with node(self.CODE) as function:
            self.assertEqual(function.result({}), ["undefined", False, True, True])


class Memory(unittest.TestCase):
    CODE = """
        const v8 = require('v8');
        const old = () => v8.getHeapSpaceStatistics().find(({ space_name }) => space_name === 'old_space').space_used_size;
        const work = (context) => (context.own = new Array(10_000).fill(context), old());
        exports.buffered = async (event, context) => work(context);
        exports.streamed = awslambda.streamifyResponse(async (event, stream, context) => stream.end(String(work(context))));
    """

    def test_what_belongs_to_an_invocation_does_not_grow_old_with_its_function(self):
        for handler in ("index.buffered", "index.streamed"):
            with self.subTest(handler), node(self.CODE, handler) as function:
                first = function.result({})
                last = [function.result({}) for _ in range(150)][-1]
                self.assertLess(last - first, 2_000_000)  # of 12 million bytes


class HandlerNames(unittest.TestCase):
    def loads(self, files, handler):
        with node(files, handler) as function:
            self.assertEqual(function.result({}), "loaded")

    def fails(self, files, handler, error_type, message):
        with node(files, handler) as function:
            error = function.init_error()
            self.assertEqual(error["errorType"], error_type)
            self.assertRegex(error["errorMessage"], message)
            self.assertEqual(list(error), ["errorType", "errorMessage", "trace"])
            self.assertEqual(function.exit_code(), 129)
            return function.log()

    def test_a_commonjs_module_is_required(self):
        self.loads("exports.handler = async () => 'loaded';", "index.handler")

    def test_an_mjs_file_is_imported(self):
        self.loads({"index.mjs": "export const handler = async () => 'loaded';"}, "index.handler")

    def test_an_mjs_file_is_loaded_without_a_word(self):
        with node({"index.mjs": "export const handler = async () => 'loaded';"}) as function:
            self.assertEqual(function.result({}), "loaded")
            self.assertNotIn("Warning", function.log())

    def test_an_mjs_file_may_await_before_it_exports_and_runs_once(self):
        text = "globalThis.runs = (globalThis.runs ?? 0) + 1; await null; export const handler = async () => `run ${runs}`;"
        with node({"index.mjs": f"import './other.mjs'; {text}", "other.mjs": "await null;"}) as function:
            self.assertEqual(function.result({}), "run 1")

    def test_a_cjs_file_is_required(self):
        self.loads({"index.cjs": "exports.handler = async () => 'loaded';"}, "index.handler")

    def test_a_js_file_is_imported_if_the_package_is_of_type_module(self):
        files = {"package.json": '{"type":"module"}', "src/a.js": "export const handler = async () => 'loaded';"}
        self.loads(files, "src/a.handler")

    def test_a_cjs_file_is_required_even_in_a_package_of_type_module(self):
        files = {"package.json": '{"type":"module"}', "a.cjs": "exports.handler = async () => 'loaded';"}
        self.loads(files, "a.handler")

    def test_a_file_without_extension_is_required(self):
        self.loads({"app": "exports.handler = async () => 'loaded';"}, "app.handler")

    def test_folders_and_nested_exports_are_followed(self):
        self.loads({"a/b/app.js": "exports.v1 = { handler: async () => 'loaded' };"}, "a/b/app.v1.handler")

    def test_a_default_export_can_be_named(self):
        self.loads({"index.mjs": "export default async () => 'loaded';"}, "index.default")

    def test_a_package_below_node_modules_can_be_the_module(self):
        self.loads({"node_modules/fn/index.js": "exports.handler = async () => 'loaded';"}, "fn.handler")

    def test_a_name_with_dots_in_a_row_is_malformed(self):
        message = r"^'\.\./x\.handler' is not a valid handler name\. Use absolute paths when specifying root directories"
        self.fails("", "../x.handler", "Runtime.MalformedHandlerName", message)

    def test_a_name_without_dot_is_malformed(self):
        self.fails("", "index", "Runtime.MalformedHandlerName", "^Bad handler$")

    def test_a_missing_file_is_an_import_error(self):
        message = r"^Error: Cannot find module 'gone'\nRequire stack:\n- \S+/index\.mjs$"
        log = self.fails("", "gone.handler", "Runtime.ImportModuleError", message)
        self.assertRegex(log, rf'{TIME}\tundefined\tERROR\tUncaught Exception \t{{"errorType":"Runtime.ImportModuleError"')

    def test_a_missing_required_package_is_an_import_error(self):
        message = r"^Error: Cannot find module 'gone'\nRequire stack:\n- \S+/task/index\.js\n- \S+/index\.mjs$"
        self.fails("require('gone');", "index.handler", "Runtime.ImportModuleError", message)

    def test_a_missing_imported_package_is_a_plain_error_as_on_aws(self):
        files = {"index.mjs": "import 'gone'; export const handler = async () => 1;"}
        self.fails(files, "index.handler", "Error", "^Cannot find package 'gone'")

    def test_a_missing_export_is_handler_not_found(self):
        self.fails("", "index.handler", "Runtime.HandlerNotFound", "^index.handler is undefined or not exported$")

    def test_an_export_that_is_no_function_is_handler_not_found(self):
        self.fails("exports.handler = 1;", "index.handler", "Runtime.HandlerNotFound", "^index.handler is not a function$")

    def test_a_syntax_error_is_reported_with_its_place(self):
        log = self.fails("exports.handler = {;", "index.handler", "Runtime.UserCodeSyntaxError", "^SyntaxError: ")
        self.assertIn("task/index.js:1", log)

    def test_an_exception_at_import_keeps_its_own_type(self):
        self.fails("throw new TypeError('no')", "index.handler", "TypeError", "^no$")

    def test_the_error_type_travels_in_a_header(self):
        with node("throw new TypeError('no')") as function:
            self.assertEqual(function.next_post().headers["lambda-runtime-function-error-type"], "TypeError")


class Initialisation(unittest.TestCase):
    def test_an_unhandled_rejection_at_import_exits_with_128(self):
        with node("Promise.reject(new Error('early')); exports.handler = async () => 1;") as function:
            error = function.init_error()
            self.assertEqual(error["errorType"], "Runtime.UnhandledPromiseRejection")
            self.assertEqual(error["errorMessage"], "Error: early")
            self.assertEqual(function.exit_code(), 128)

    def test_an_import_that_never_ends_exits_with_13(self):
        with node({"index.mjs": "await new Promise(() => {}); export const handler = 1;"}) as function:
            self.assertEqual(function.exit_code(), 13)

    def test_process_exit_at_import_keeps_its_status(self):
        with node("process.exit(7)") as function:
            self.assertEqual(function.exit_code(), 7)

    def test_the_process_ends_when_the_runtime_api_is_gone(self):
        with node("exports.handler = async () => 1;") as function:
            function.wait_until_asked()
            function.api.close()
            self.assertEqual(function.exit_code(), 1)


class NodePath(unittest.TestCase):
    PACKAGE = {
        "opt/nodejs/node_modules/@aws-sdk/client/package.json": '{"type":"module","exports":{"import":"./esm.js","require":"./cjs.cjs"}}',
        "opt/nodejs/node_modules/@aws-sdk/client/esm.js": "export const name = 'esm';",
        "opt/nodejs/node_modules/@aws-sdk/client/cjs.cjs": "exports.name = 'cjs';",
    }

    def function(self, files):
        files = {**files, **{"../" + name: text for name, text in self.PACKAGE.items()}}
        return node(files, env={"NODE_PATH": "{folder}/opt/nodejs/node_modules:{folder}/task"})

    def test_import_finds_packages_of_a_layer(self):
        text = "import { name } from '@aws-sdk/client'; export const handler = async () => name;"
        with self.function({"index.mjs": text}) as function:
            self.assertEqual(function.result({}), "esm")

    def test_require_finds_packages_of_a_layer(self):
        with self.function({"index.js": "exports.handler = async () => require('@aws-sdk/client').name;"}) as function:
            self.assertEqual(function.result({}), "cjs")

    def test_the_functions_own_package_comes_first(self):
        files = {
            "index.mjs": "import { name } from '@aws-sdk/client'; export const handler = async () => name;",
            "node_modules/@aws-sdk/client/package.json": '{"type":"module","exports":"./own.js"}',
            "node_modules/@aws-sdk/client/own.js": "export const name = 'own';",
        }
        with self.function(files) as function:
            self.assertEqual(function.result({}), "own")

    def test_a_package_that_is_nowhere_keeps_nodes_own_error(self):
        with self.function({"index.mjs": "import 'gone'; export const handler = async () => 1;"}) as function:
            self.assertRegex(function.init_error()["errorMessage"], "^Cannot find package 'gone' imported from")


class Results(unittest.TestCase):
    def check(self, code, event, expected):
        with node(code) as function:
            post = function.invoke(event)
            self.assertEqual((post.kind, post.body.decode()), ("response", expected))

    def test_an_async_handlers_value_is_the_result(self):
        self.check("exports.handler = async (e) => ({ got: e });", {"a": [1, "é"]}, '{"got":{"a":[1,"é"]}}')

    def test_a_thenable_is_awaited(self):
        self.check("exports.handler = () => ({ then: (f) => f('later') });", {}, '"later"')

    def test_undefined_becomes_null(self):
        self.check("exports.handler = async () => {};", {}, "null")

    def test_a_callback_gives_the_result(self):
        self.check("exports.handler = (e, c, cb) => cb(null, { got: e });", 1, '{"got":1}')

    def test_context_succeed_gives_the_result(self):
        self.check("exports.handler = (e, { succeed }) => succeed('s');", {}, '"s"')

    def test_context_done_gives_the_result(self):
        self.check("exports.handler = (e, c) => c.done(null, 'd');", {}, '"d"')

    def test_a_plain_handler_that_never_calls_back_has_no_result(self):
        self.check("exports.handler = () => 'ignored';", {}, "null")

    def test_many_invocations_share_one_connection(self):
        with node("exports.handler = async (e) => e;") as function:
            for number in range(50):
                self.assertEqual(function.result(number), number)
            self.assertEqual(function.api.connections, 1)

    def test_a_large_event_and_result_pass_unchanged(self):
        event = {"text": "äß" * 500_000}
        with node("exports.handler = async (e) => e;") as function:
            self.assertEqual(function.result(event), event)

    def test_a_result_that_is_refused_as_too_large_leaves_the_function_warm(self):
        with node("exports.handler = async (e) => 'x'.repeat(e);") as function:
            self.assertEqual(len(function.invoke(7_000_000).body), 7_000_002)
            self.assertEqual(function.result(2), "xx")

    def test_a_process_survives_a_closed_idle_connection(self):
        with node("exports.handler = async (e) => e;") as function:
            function.send(1, Connection="close")
            self.assertEqual(function.next_post().body, b"1")
            self.assertEqual(function.result(2), 2)


class CallbackTiming(unittest.TestCase):
    LATER = "let order = []; exports.handler = (e, c, cb) => { %s setTimeout(() => order.push('timer'), 30); cb(null, order); };"

    def test_a_callbacks_result_waits_for_an_empty_event_loop(self):
        with node(self.LATER % "") as function:
            self.assertEqual(function.result({}), ["timer"])

    def test_it_does_not_wait_if_the_function_says_so(self):
        with node(self.LATER % "c.callbackWaitsForEmptyEventLoop = false;") as function:
            self.assertEqual(function.result({}), [])

    def test_an_async_result_does_not_wait(self):
        code = "let n = 0; exports.handler = async () => { setTimeout(() => n++, 100000); return n; };"
        with node(code) as function:
            self.assertEqual(function.result({}), 0)

    def test_an_error_given_to_the_callback_does_not_wait(self):
        code = "exports.handler = (e, c, cb) => { setTimeout(() => {}, 100000); cb(new Error('now')); };"
        with node(code) as function:
            self.assertEqual(function.failure({})["errorMessage"], "now")

    def test_a_promise_that_can_never_settle_is_an_error(self):
        with node("exports.handler = async (e) => e ? 'ok' : new Promise(() => {});") as function:
            error = function.failure(0)
            self.assertEqual(error["errorType"], "Runtime.NodeJsExit")
            self.assertTrue(error["errorMessage"].startswith(NODE_JS_EXIT))
            self.assertEqual(function.result(1), "ok")

    def test_the_first_completion_wins(self):
        with node("exports.handler = (e, c, cb) => { c.succeed(1); c.succeed(2); cb(null, 3); };", execution_env="AWS_Lambda_nodejs18.x") as function:
            self.assertEqual(function.result({}), 1)
            function.wait_until_asked()
            self.assertTrue(function.api.posts.empty())
            self.assertEqual(function.log(), "")

    def test_a_completion_after_the_empty_loop_is_refused_in_the_log(self):
        code = "let late; exports.handler = async (e, c) => { if (e) { late(5); return 'b'; } late = c.succeed; await new Promise(() => {}); };"
        with node(code) as function:
            self.assertEqual(function.failure(0)["errorType"], "Runtime.NodeJsExit")
            self.assertEqual(function.result(1), "b")
            self.assertIn("Invocation has already been reported as done. Cannot call complete more than once", function.log())


class Failures(unittest.TestCase):
    def fails(self, code, event=None, **options):
        with node(code, **options) as function:
            error = function.failure(event)
            self.assertEqual(function.send({}) and function.next_post().path.split("/")[3], "invocation")
            return error

    def test_a_thrown_error_has_type_message_and_trace(self):
        code = "class Wrong extends Error { constructor(m) { super(m); this.name = 'Wrong'; } }\nexports.handler = async () => { throw new Wrong('why'); };"
        with node(code) as function:
            post = function.invoke({})
            error = json.loads(post.body)
            self.assertEqual(list(error), ["errorType", "errorMessage", "trace"])
            self.assertEqual((error["errorType"], error["errorMessage"]), ("Wrong", "why"))
            self.assertRegex(error["trace"][0], "^(Wrong|Error): why$")
            self.assertRegex(error["trace"][1], r"at (Runtime\.|exports\.)?handler \(.*/task/index\.js:2:")
            self.assertEqual(post.headers["lambda-runtime-function-error-type"], "Wrong")
            self.assertRegex(
                function.log(), rf'{TIME}\t{post.path.split("/")[4]}\tERROR\tInvoke Error \t{{"errorType":"Wrong","errorMessage":"why","name":"Wrong","stack":\['
            )

    def test_an_error_thrown_at_once_is_the_same(self):
        self.assertEqual(self.fails("exports.handler = () => { throw new RangeError('r'); };")["errorType"], "RangeError")

    def test_a_thrown_string_has_type_string_and_no_trace(self):
        error = self.fails("exports.handler = async () => { throw 'text'; };")
        self.assertEqual(error, {"errorType": "string", "errorMessage": "text", "trace": []})

    def test_a_thrown_object_has_type_object(self):
        error = self.fails("exports.handler = async () => { throw { a: 1 }; };")
        self.assertEqual(error, {"errorType": "object", "errorMessage": "[object Object]", "trace": []})

    def test_fail_without_argument_says_handled(self):
        error = self.fails("exports.handler = (e, c) => c.fail();")
        self.assertEqual(error, {"errorType": "string", "errorMessage": "handled", "trace": []})

    def test_a_callback_error_fails_the_invocation(self):
        self.assertEqual(self.fails("exports.handler = (e, c, cb) => cb(new TypeError('cb'));")["errorType"], "TypeError")

    def test_a_circular_result_cannot_be_stringified(self):
        error = self.fails("exports.handler = async () => { const a = {}; a.a = a; return a; };")
        self.assertEqual((error["errorType"], error["errorMessage"]), ("Error", "Unable to stringify response body"))

    def test_a_bigint_result_cannot_be_stringified(self):
        error = self.fails("exports.handler = async () => 1n;")
        self.assertEqual((error["errorType"], error["errorMessage"]), ("Error", "Unable to stringify response body"))

    def test_an_uncaught_exception_fails_the_invocation_and_exits_with_129(self):
        code = "exports.handler = () => new Promise(() => setTimeout(() => { throw new Error('loose'); }, 1));"
        with node(code) as function:
            self.assertEqual(function.failure({})["errorMessage"], "loose")
            self.assertEqual(function.exit_code(), 129)
            self.assertRegex(function.log(), rf'{TIME}\t\S+\tERROR\tUncaught Exception \t{{"errorType":"Error","errorMessage":"loose","stack"')

    def test_an_unhandled_rejection_fails_the_invocation_and_exits_with_128(self):
        code = "exports.handler = () => { Promise.reject(new Error('lost')); return new Promise((r) => setTimeout(r, 9999)); };"
        with node(code) as function:
            error = function.failure({})
            self.assertEqual(error["errorType"], "Runtime.UnhandledPromiseRejection")
            self.assertEqual(error["errorMessage"], "Error: lost")
            self.assertEqual(function.exit_code(), 128)
            self.assertIn("\tERROR\tUnhandled Promise Rejection \t", function.log())

    def test_an_exception_between_invocations_exits_with_129(self):
        code = "exports.handler = async () => { setTimeout(() => { throw new Error('late'); }, 20); return 1; };"
        with node(code) as function:
            self.assertEqual(function.result({}), 1)
            self.assertEqual(function.next_post().kind, "error")
            self.assertEqual(function.exit_code(), 129)

    def test_an_event_that_is_not_json_fails_the_invocation(self):
        with node("exports.handler = async (e) => e;") as function:
            self.assertEqual(function.failure(raw=b"{oops")["errorType"], "SyntaxError")
            self.assertEqual(function.result(1), 1)


class Context(unittest.TestCase):
    CODE = "exports.handler = async (e, c) => ({ ...c, left: c.getRemainingTimeInMillis(), trace: process.env._X_AMZN_TRACE_ID ?? null, cwd: process.cwd() });"

    def test_the_context_describes_function_and_invocation(self):
        with node(self.CODE) as function:
            context = function.result({}, remaining_ms=5000)
            self.assertTrue(0 < context["left"] <= 5000)
            self.assertEqual(context["functionName"], "hello")
            self.assertEqual(context["functionVersion"], "$LATEST")
            self.assertEqual(context["memoryLimitInMB"], "128")
            self.assertEqual(context["logGroupName"], "/aws/lambda/hello")
            self.assertIn("[$LATEST]", context["logStreamName"])
            self.assertEqual(context["invokedFunctionArn"], ARN)
            self.assertEqual(context["awsRequestId"], "00000000-0000-4000-8000-000000000001")
            self.assertIs(context["callbackWaitsForEmptyEventLoop"], True)
            self.assertNotIn("tenantId", context)
            self.assertEqual(context["cwd"], str(function.task))

    def test_client_context_identity_and_tenant_come_from_headers(self):
        with node(self.CODE) as function:
            context = function.result(
                {},
                Lambda_Runtime_Client_Context='{"custom":{"k":"v"}}',
                Lambda_Runtime_Cognito_Identity='{"cognitoIdentityId":"i"}',
                Lambda_Runtime_Aws_Tenant_Id="blue",
            )
            self.assertEqual(context["clientContext"], {"custom": {"k": "v"}})
            self.assertEqual(context["identity"], {"cognitoIdentityId": "i"})
            self.assertEqual(context["tenantId"], "blue")

    def test_the_trace_id_is_set_for_each_invocation(self):
        with node(self.CODE) as function:
            self.assertEqual(function.result({}, Lambda_Runtime_Trace_Id="Root=1")["trace"], "Root=1")
            self.assertIsNone(function.result({}, Lambda_Runtime_Trace_Id=None)["trace"])


class Versions(unittest.TestCase):
    CALLBACK = "exports.handler = (event, context, callback) => callback(null, 1);"

    def test_nodejs24_refuses_a_callback_handler(self):
        with node(self.CALLBACK, execution_env="AWS_Lambda_nodejs24.x") as function:
            error = function.init_error()
            self.assertEqual(error["errorType"], "Runtime.CallbackHandlerDeprecated")
            self.assertIn("has removed support for callback-based function handlers", error["errorMessage"])
            self.assertEqual(function.exit_code(), 129)

    def test_nodejs24_takes_the_value_of_a_plain_handler(self):
        code = "exports.handler = (e, c) => [typeof c.succeed, typeof c.fail, typeof c.done];"
        with node(code, execution_env="AWS_Lambda_nodejs24.x") as function:
            self.assertEqual(function.result({}), ["undefined"] * 3)

    def test_nodejs24_reports_a_promise_that_can_never_settle(self):
        with node("exports.handler = () => new Promise(() => {});", execution_env="AWS_Lambda_nodejs24.x") as function:
            self.assertEqual(function.failure({})["errorType"], "Runtime.NodeJsExit")

    def test_nodejs20_and_22_warn_of_a_callback_handler(self):
        for version, warned in [("18", False), ("20", True), ("22", True)]:
            with node(self.CALLBACK, execution_env=f"AWS_Lambda_nodejs{version}.x") as function:
                self.assertEqual(function.result({}), 1)
                self.assertEqual("AWS Lambda plans to remove support for callback-based" in function.log(), warned)

    def test_the_warning_can_be_switched_off(self):
        with node(self.CALLBACK, env={"AWS_LAMBDA_NODEJS_DISABLE_CALLBACK_WARNING": "1"}) as function:
            function.result({})
            self.assertEqual(function.log(), "")

if __name__ == "__main__":
    unittest.main()
