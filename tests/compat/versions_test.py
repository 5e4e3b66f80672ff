"""Versions, aliases, layers, provisioned concurrency, cold starts and function URLs through boto3 and the AWS CLI."""
import json
import time
import unittest

from daemon import until, zipped
from functions import PYTHON, ROLE, WithFunctions, log_of


class Versions(WithFunctions):
    def published(self, name, **more):
        self.function(name, **more)
        return self.functions.publish_version(FunctionName=name)

    def test_a_published_version_is_awaited_and_invoked_through_an_alias(self):
        self.published("aliased")
        self.functions.get_waiter("published_version_active").wait(FunctionName="aliased", Qualifier="1")
        alias = self.functions.create_alias(FunctionName="aliased", Name="live", FunctionVersion="1")
        self.assertEqual(alias["AliasArn"], "arn:aws:lambda:us-east-1:000000000000:function:aliased:live")
        reply = self.functions.invoke(FunctionName="aliased", Qualifier="live", Payload=b"{}")
        self.assertEqual(reply["ExecutedVersion"], "1")
        self.functions.update_function_configuration(FunctionName="aliased", Timeout=9)
        self.functions.get_waiter("function_updated_v2").wait(FunctionName="aliased", WaiterConfig={"Delay": 1})
        self.functions.publish_version(FunctionName="aliased")
        self.functions.update_alias(FunctionName="aliased", Name="live",
                                    RoutingConfig={"AdditionalVersionWeights": {"2": 0.5}})
        executed = {self.functions.invoke(FunctionName="aliased:live")["ExecutedVersion"] for _ in range(30)}
        self.assertEqual(executed, {"1", "2"})
        aliases = self.functions.get_paginator("list_aliases").paginate(FunctionName="aliased").build_full_result()
        self.assertEqual([a["Name"] for a in aliases["Aliases"]], ["live"])
        self.refused("ResourceNotFoundException", self.functions.get_alias, FunctionName="aliased", Name="none")
        self.functions.delete_alias(FunctionName="aliased", Name="live")

    def test_provisioned_concurrency_becomes_ready_and_spares_the_cold_start(self):
        self.published("ready")
        put = self.functions.put_provisioned_concurrency_config(FunctionName="ready", Qualifier="1",
                                                                ProvisionedConcurrentExecutions=1)
        self.assertEqual((put["ResponseMetadata"]["HTTPStatusCode"], put["Status"]), (202, "IN_PROGRESS"))
        get = lambda: self.functions.get_provisioned_concurrency_config(FunctionName="ready", Qualifier="1")["Status"]
        until("provisioned concurrency is ready", lambda: get() == "READY")
        listed = self.functions.list_provisioned_concurrency_configs(FunctionName="ready")
        self.assertEqual(len(listed["ProvisionedConcurrencyConfigs"]), 1)
        environments = json.loads(self.emu.request("GET", "/_emu/environments").body)["environments"]
        self.assertEqual([(e["version"], e["state"], e["provisioned"]) for e in environments if e["function"] == "ready"],
                         [("1", "idle", True)])
        self.functions.delete_provisioned_concurrency_config(FunctionName="ready", Qualifier="1")
        self.refused("ProvisionedConcurrencyConfigNotFoundException", self.functions.get_provisioned_concurrency_config,
                     FunctionName="ready", Qualifier="1")

    def test_a_fixed_cold_start_is_what_the_report_says(self):
        self.function("fixed", Tags={"emu:cold-start": "fixed:700"})
        begun = time.monotonic()
        reply = self.functions.invoke(FunctionName="fixed", LogType="Tail")
        self.assertGreater(time.monotonic() - begun, 0.69)
        self.assertRegex(log_of(reply), r"Init Duration: (70\d|71[0-4])\.\d\d ms")

    def test_a_throttle_says_why_and_when_to_try_again(self):
        self.function("closed")
        self.functions.put_function_concurrency(FunctionName="closed", ReservedConcurrentExecutions=0)
        reply = self.emu.request("POST", "/2015-03-31/functions/closed/invocations", b"{}")
        self.assertEqual(reply.status, 429)
        self.assertEqual(json.loads(reply.body), {"Reason": "ReservedFunctionConcurrentInvocationLimitExceeded",
                                                  "Type": "User", "message": "Rate Exceeded."})
        self.assertTrue(int(reply.headers["Retry-After"]) > 0)
        throttles = json.loads(self.emu.request("GET", "/_emu/environments").body)["throttles"]
        self.assertIn({"function": "arn:aws:lambda:us-east-1:000000000000:function:closed", "count": 1,
                       "reason": "ReservedFunctionConcurrentInvocationLimitExceeded"}, throttles)

    def test_layers_are_published_used_and_deleted(self):
        made = self.functions.publish_layer_version(
            LayerName="tools", Content={"ZipFile": zipped({"python/tool.py": "answer = 42\n"})},
            CompatibleRuntimes=["python3.11"], Description="a tool")
        arn = made["LayerVersionArn"]
        self.assertEqual(arn, "arn:aws:lambda:us-east-1:000000000000:layer:tools:1")
        self.assertEqual(self.functions.get_layer_version_by_arn(Arn=arn)["Version"], 1)
        self.assertEqual([v["Version"] for v in self.functions.list_layer_versions(LayerName="tools")["LayerVersions"]], [1])
        self.assertEqual([layer["LayerName"] for layer in self.functions.list_layers()["Layers"]], ["tools"])
        self.function("layered", Layers=[arn])
        got = self.functions.get_function_configuration(FunctionName="layered")
        self.assertEqual([layer["Arn"] for layer in got["Layers"]], [arn])
        self.functions.add_layer_version_permission(LayerName="tools", VersionNumber=1, StatementId="s",
                                                    Action="lambda:GetLayerVersion", Principal="*")
        self.assertIn("GetLayerVersion", self.functions.get_layer_version_policy(LayerName="tools", VersionNumber=1)["Policy"])
        self.functions.remove_layer_version_permission(LayerName="tools", VersionNumber=1, StatementId="s")
        self.functions.delete_layer_version(LayerName="tools", VersionNumber=1)
        self.refused("ResourceNotFoundException", self.functions.get_layer_version, LayerName="tools", VersionNumber=1)

    def test_a_function_url_answers_once_the_policy_lets_it(self):
        self.function("web", handler="app.web", files={"app.py": PYTHON + WEB})
        url = self.functions.create_function_url_config(FunctionName="web", AuthType="NONE",
                                                        Cors={"AllowOrigins": ["*"]})["FunctionUrl"]
        host = url.split("/")[2]
        path = f"/_aws/lambda-url/{host.split('.')[0]}/a%20b?x=1"
        self.assertEqual(self.emu.request("GET", path).status, 403)
        allow = lambda **more: self.functions.add_permission(FunctionName="web", Principal="*", **more)
        allow(StatementId="url", Action="lambda:InvokeFunctionUrl", FunctionUrlAuthType="NONE")
        self.emu.request("POST", "/2015-03-31/functions/web/policy", json.dumps(
            {"StatementId": "call", "Action": "lambda:InvokeFunction", "Principal": "*", "InvokedViaFunctionUrl": True}).encode())
        for reply in (self.emu.request("GET", path), self.emu.request("GET", "/a%20b?x=1", headers={"Host": host})):
            self.assertEqual((reply.status, json.loads(reply.body)), (202, ["/a%20b", "x=1", "anonymous"]))
        self.assertEqual(len(self.functions.list_function_url_configs(FunctionName="web")["FunctionUrlConfigs"]), 1)
        self.functions.delete_function_url_config(FunctionName="web")
        self.assertEqual(self.emu.request("GET", path).status, 403)


WEB = """
def web(event, context):
    return {"statusCode": 202, "body": json.dumps([event["rawPath"], event["rawQueryString"], event["requestContext"]["accountId"]])}
"""

if __name__ == "__main__":
    unittest.main()
