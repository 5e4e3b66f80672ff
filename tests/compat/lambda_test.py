"""Lambda through boto3 and the AWS CLI: functions made of zip archives, invoked in every way."""
import base64
import hashlib
import json
import re
import unittest

from daemon import until, zipped
from functions import PYTHON, ROLE, WithFunctions, log_of


class Functions(WithFunctions):
    def test_a_function_is_pending_then_active(self):
        code = zipped({"app.py": PYTHON})
        made = self.functions.create_function(FunctionName="life", Runtime="python3.11", Role=ROLE, Handler="app.handler",
                                              Code={"ZipFile": code})
        self.assertEqual((made["State"], made["StateReasonCode"]), ("Pending", "Creating"))
        self.assertEqual(made["ResponseMetadata"]["HTTPStatusCode"], 201)
        self.assertEqual(made["FunctionArn"], "arn:aws:lambda:us-east-1:000000000000:function:life")
        self.assertEqual(made["CodeSha256"], base64.b64encode(hashlib.sha256(code).digest()).decode())
        self.assertEqual((made["CodeSize"], made["MemorySize"], made["Timeout"]), (len(code), 128, 3))
        self.functions.get_waiter("function_active_v2").wait(FunctionName="life", WaiterConfig={"Delay": 1, "MaxAttempts": 10})
        got = self.functions.get_function(FunctionName="life")
        self.assertEqual((got["Configuration"]["State"], got["Configuration"]["LastUpdateStatus"]), ("Active", "Successful"))
        self.assertEqual(got["Code"]["RepositoryType"], "S3")

    def test_the_code_can_be_downloaded_from_its_location(self):
        self.function("download")
        location = self.functions.get_function(FunctionName="download")["Code"]["Location"]
        reply = self.emu.request("GET", location.partition(f":{self.emu.port}")[2])
        self.assertEqual((reply.status, reply.body[:2]), (200, b"PK"))

    def test_functions_are_listed_and_deleted(self):
        for name in ("listed-1", "listed-2"):
            self.function(name)
        listed = {f["FunctionName"]: f for page in self.functions.get_paginator("list_functions").paginate(
            PaginationConfig={"PageSize": 1}) for f in page["Functions"]}
        self.assertLessEqual({"listed-1", "listed-2"}, set(listed))
        self.assertNotIn("State", listed["listed-1"])
        deleted = self.functions.delete_function(FunctionName="listed-1")
        self.assertEqual(deleted["ResponseMetadata"]["HTTPStatusCode"], 204)
        message = self.refused("ResourceNotFoundException", self.functions.get_function, FunctionName="listed-1")
        self.assertEqual(message, "Function not found: arn:aws:lambda:us-east-1:000000000000:function:listed-1")

    def test_a_name_is_taken_once(self):
        self.function("once")
        message = self.refused("ResourceConflictException", self.function, "once")
        self.assertEqual(message, "Function already exist: once")

    def test_bad_functions_are_refused_in_awss_words(self):
        create = lambda **f: self.refused(f.pop("code", "InvalidParameterValueException"), self.functions.create_function, **{
            "FunctionName": "bad", "Runtime": "python3.11", "Role": ROLE, "Handler": "app.handler",
            "Code": {"ZipFile": zipped({"app.py": PYTHON})}, **f})
        self.assertRegex(create(Runtime="cobol85"), "^Value cobol85 at 'runtime' failed to satisfy constraint: Member must satisfy enum value set")
        self.assertEqual(create(Code={"ZipFile": b"no zip"}),
                         "Could not unzip uploaded file. Please check your file, then try to upload again.")
        self.assertIn("AWS_REGION", create(Environment={"Variables": {"AWS_REGION": "x"}}))
        self.assertIn("exceeded the 4KB limit", create(Environment={"Variables": {"LONG": "x" * 5000}}))
        self.assertIn("at 'role' failed to satisfy constraint", create(code="ValidationException", Role="nobody"))
        self.assertIn("at 'timeout' failed to satisfy constraint: Member must have value less than or equal to 900",
                      create(code="ValidationException", Timeout=901))

    def test_new_code_answers_the_next_invocation(self):
        name = self.function("renewed", files={"app.py": "def handler(event, context): return 'old'"})
        self.assertEqual(self.invoke(name), "old")
        updated = self.functions.update_function_code(
            FunctionName=name, ZipFile=zipped({"app.py": "def handler(event, context): return 'new'"}))
        self.assertEqual(updated["LastUpdateStatus"], "InProgress")
        self.functions.get_waiter("function_updated_v2").wait(FunctionName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 10})
        self.assertEqual(self.invoke(name), "new")

    def test_new_settings_reach_the_next_invocation(self):
        name = self.function("resettled", handler="app.environment", Environment={"Variables": {"COLOUR": "red"}})
        self.assertEqual(self.invoke(name)["COLOUR"], "red")
        self.functions.update_function_configuration(FunctionName=name, Environment={"Variables": {"COLOUR": "blue"}}, MemorySize=256)
        self.functions.get_waiter("function_updated_v2").wait(FunctionName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 10})
        seen = self.invoke(name)
        self.assertEqual((seen["COLOUR"], seen["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]), ("blue", "256"))


class Invocations(WithFunctions):
    def test_python_is_invoked_and_its_environment_is_reused(self):
        name = self.function("python")
        first, second = self.invoke(name, {"a": [1, None, "ü"]}), self.invoke(name, "text")
        self.assertEqual((first["event"], first["name"], first["visits"]), ({"a": [1, None, "ü"]}, "python", 1))
        self.assertEqual((second["event"], second["visits"], second["pid"]), ("text", 2, first["pid"]))
        self.assertTrue(0 < first["left"] <= 3000)

    def test_node_is_invoked_with_the_requests_id(self):
        name = self.function("node", runtime="nodejs20.x")
        reply = self.functions.invoke(FunctionName=name, Payload=b'{"k":1}')
        got = json.loads(reply["Payload"].read())
        self.assertEqual((got["event"], got["name"], got["visits"]), ({"k": 1}, "node", 1))
        self.assertEqual(got["id"], reply["ResponseMetadata"]["RequestId"])

    def test_a_callback_handler_and_a_module_handler_work(self):
        self.assertEqual(self.invoke(self.function("callback", "app.callback", "nodejs18.x"), 5), {"called": 5})
        module = {"src/app.mjs": "export const handler = async (e) => e.n * 2;"}
        self.assertEqual(self.invoke(self.function("module", "src/app.handler", "nodejs22.x", module), {"n": 21}), 42)

    def test_a_typescript_handler_just_runs(self):
        files = {"app.ts": "type E = { n: number };\nexport const handler = async (e: E): Promise<number> => e.n + 1;\n"}
        self.assertEqual(self.invoke(self.function("typed", "app.handler", "nodejs20.x", files), {"n": 1}), 2)

    def test_node_functions_import_the_sdk_they_did_not_bring(self):
        self.assertEqual(self.invoke(self.function("sdk", "app.sdk", "nodejs20.x", Timeout=20)), [])

    def test_a_bootstrap_of_ones_own_runs(self):
        script = """#!/bin/sh
api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
while true; do
  event=$(curl -sS -D "$TMPDIR/headers" "$api/next") || exit 1
  id=$(sed -n 's/^lambda-runtime-aws-request-id: *//Ip' "$TMPDIR/headers" | tr -d '\\r')
  curl -sS -o /dev/null -d "{\\"own\\":$event}" "$api/$id/response"
done
"""
        name = self.function("own", "any", "provided.al2023", {"bootstrap": script}, Environment={"Variables": {"TMPDIR": "/tmp"}})
        self.assertEqual(self.invoke(name, [1]), {"own": [1]})

    def test_the_environment_is_awss(self):
        seen = self.invoke(self.function("env", "app.environment", Environment={"Variables": {"MINE": "yes"}}))
        expected = {"MINE": "yes", "_HANDLER": "app.environment", "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1",
                    "AWS_EXECUTION_ENV": "AWS_Lambda_python3.11", "AWS_LAMBDA_FUNCTION_NAME": "env",
                    "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
                    "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand", "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/env", "TZ": ":UTC"}
        self.assertEqual({k: seen.get(k) for k in expected}, expected)
        self.assertRegex(seen["AWS_LAMBDA_LOG_STREAM_NAME"], r"^\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}$")
        self.assertIn(f":{self.emu.port}", seen["AWS_ENDPOINT_URL"])
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT"):
            self.assertTrue(seen.get(name), name)
        self.assertNotIn("EMU", seen)  # nothing of the daemon's own environment

    def test_the_working_directory_is_the_code(self):
        seen = self.invoke(self.function("cwd", "app.scratch", files={"app.py": PYTHON, "data/x.txt": "x"}))
        self.assertLessEqual({"app.py", "data"}, set(seen["files"]))

    def test_an_event_invocation_is_accepted_and_runs_later(self):
        name = self.function("later", "app.talks")
        reply = self.functions.invoke(FunctionName=name, InvocationType="Event", Payload=b'{"who":"later"}')
        self.assertEqual((reply["StatusCode"], reply["Payload"].read()), (202, b""))
        self.assertNotIn("ExecutedVersion", reply)
        tail = lambda: log_of(self.functions.invoke(FunctionName=name, LogType="Tail", Payload=b'{"who":"now"}'))
        self.assertIn("hello from now", tail())

    def test_a_dry_run_runs_nothing(self):
        name = self.function("dry")
        reply = self.functions.invoke(FunctionName=name, InvocationType="DryRun")
        self.assertEqual((reply["StatusCode"], reply["Payload"].read()), (204, b""))
        self.assertEqual(self.invoke(name)["visits"], 1)

    def test_the_log_tail_has_awss_lines(self):
        name = self.function("tail", "app.talks", MemorySize=256)
        reply = self.functions.invoke(FunctionName=name, LogType="Tail", Payload=b'{"who":"a"}')
        log, request_id = log_of(reply), reply["ResponseMetadata"]["RequestId"]
        self.assertIn(f"START RequestId: {request_id} Version: $LATEST\n", log)
        self.assertIn("hello from a\n", log)
        self.assertIn("and from stderr\n", log)
        self.assertIn(f"END RequestId: {request_id}\n", log)
        self.assertRegex(log, rf"REPORT RequestId: {request_id}\tDuration: \d+\.\d\d ms\tBilled Duration: \d+ ms\tMemory Size: 256 MB\t"
                              r"Max Memory Used: \d+ MB\tInit Duration: \d+\.\d\d ms\t\n")
        self.assertNotIn("Init Duration", log_of(self.functions.invoke(FunctionName=name, LogType="Tail", Payload=b'{"who":"b"}')))

    def test_the_aws_command_line_invokes(self):
        name = self.function("by-cli")
        out = self.emu.home / "answer.json"
        said = self.emu.aws("lambda", "invoke", "--function-name", name, "--cli-binary-format", "raw-in-base64-out",
                            "--payload", '{"from":"cli"}', str(out))
        self.assertEqual((said["StatusCode"], json.loads(out.read_text())["event"]), (200, {"from": "cli"}))

    def test_a_full_arn_and_a_qualifier_name_the_same_function(self):
        name = self.function("named")
        for form in ("arn:aws:lambda:us-east-1:000000000000:function:named", "000000000000:function:named", "named:$LATEST"):
            self.assertEqual(self.invoke(form)["name"], name)

    def test_what_is_not_there_or_not_json_is_refused(self):
        message = self.refused("ResourceNotFoundException", self.functions.invoke, FunctionName="nobody")
        self.assertEqual(message, "Function not found: arn:aws:lambda:us-east-1:000000000000:function:nobody:$LATEST")
        message = self.refused("InvalidRequestContentException", self.functions.invoke, FunctionName=self.function("json"), Payload=b"{x")
        self.assertRegex(message, "^Could not parse request body into json: ")

    def test_an_empty_payload_is_an_empty_object(self):
        reply = self.functions.invoke(FunctionName=self.function("empty"))
        self.assertEqual(json.loads(reply["Payload"].read())["event"], {})

    def test_a_request_of_six_megabytes_is_the_most(self):
        name = self.function("sizes", files={"app.py": "def handler(e, c): return len(e)"}, Timeout=30)
        self.assertEqual(self.invoke(name, "x" * (6_291_456 - 2)), 6_291_454)
        message = self.refused("RequestEntityTooLargeException", self.functions.invoke, FunctionName=name, Payload=b'"' + b"x" * 6_291_455 + b'"')
        self.assertEqual(message, "Request must be smaller than 6291456 bytes for the InvokeFunction operation")


class Isolation(WithFunctions):
    def test_functions_of_the_same_name_in_two_regions_are_two(self):
        self.function("twice", files={"app.py": "def handler(e, c): return c.invoked_function_arn"})
        west = self.emu.client("lambda", region="us-west-2")
        message = self.refused("ResourceNotFoundException", west.invoke, FunctionName="twice")
        self.assertTrue(re.search(r":us-west-2:000000000000:function:twice", message), message)
        self.assertEqual(self.invoke("twice"), "arn:aws:lambda:us-east-1:000000000000:function:twice")

    def test_a_deleted_functions_process_ends(self):
        pid = self.invoke(self.function("ended"))["pid"]
        self.functions.delete_function(FunctionName="ended")
        until("the process ends", lambda: pid not in self.emu.children(), limit=5)


if __name__ == "__main__":
    unittest.main()
