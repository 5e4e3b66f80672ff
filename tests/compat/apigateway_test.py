"""REST APIs made through boto3 and the AWS CLI, and called with curl at the addresses they have."""
import json
import resource
import socket
import subprocess
import time
import unittest

from daemon import Daemon
from functions import WithFunctions

ECHO = """
def handler(event, context):
    if event["path"] == "/broken":
        return {"anything": 1}
    return {"statusCode": 200, "headers": {"X-Seen": "yes"}, "body": __import__("json").dumps(event)}
"""
ARN = "arn:aws:lambda:us-east-1:000000000000:function:echo"
URI = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{ARN}/invocations"


class RestApi(WithFunctions):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rest = cls.emu.client("apigateway")
        self = cls("runTest")
        self.function("echo", files={"app.py": ECHO}, Timeout=10)
        made = cls.rest.create_rest_api(name="compat", description="d", binaryMediaTypes=["image/png"], tags={"a": "b"})
        cls.api, cls.root = made["id"], made["rootResourceId"] if "rootResourceId" in made else None
        cls.root = cls.rest.get_resources(restApiId=cls.api)["items"][0]["id"]
        for path in ("{proxy+}",):
            cls.resource = cls.rest.create_resource(restApiId=cls.api, parentId=cls.root, pathPart=path)["id"]
        where = {"restApiId": cls.api, "resourceId": cls.resource, "httpMethod": "ANY"}
        cls.where = where
        cls.rest.put_method(authorizationType="NONE", requestParameters={"method.request.path.proxy": True}, **where)
        cls.rest.put_integration(type="AWS_PROXY", integrationHttpMethod="POST", uri=URI, **where)
        cls.rest.create_deployment(restApiId=cls.api, stageName="prod", variables={"v": "1"})

    def runTest(self):
        """Only so that setUpClass may use an instance."""

    def curl(self, path, *options):
        url = self.emu.url + f"/restapis/{self.api}/prod/_user_request_{path}"
        done = subprocess.run(["curl", "-sS", "-i", "--path-as-is", *options, url], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        head, _, body = done.stdout.partition("\n\n")  # text=True reads CR LF as a line end
        return head, body

    def test_what_was_put_is_read_back_as_boto3_reads_it(self):
        method = self.rest.get_method(**self.where)
        self.assertEqual(method["authorizationType"], "NONE")
        self.assertEqual(method["methodIntegration"]["httpMethod"], "POST")
        self.assertEqual(method["methodIntegration"]["timeoutInMillis"], 29000)
        api = self.rest.get_rest_api(restApiId=self.api)
        self.assertEqual((api["name"], api["apiKeySource"], api["tags"]), ("compat", "HEADER", {"a": "b"}))
        self.assertGreater(api["createdDate"].year, 2020)
        stage = self.rest.get_stage(restApiId=self.api, stageName="prod")
        self.assertEqual(stage["variables"], {"v": "1"})
        self.assertEqual(stage["cacheClusterStatus"], "NOT_AVAILABLE")
        self.assertEqual([s["stageName"] for s in self.rest.get_stages(restApiId=self.api)["item"]], ["prod"])
        self.assertIn(self.api, [a["id"] for a in self.rest.get_rest_apis(limit=500)["items"]])
        self.assertEqual({m["name"] for m in self.rest.get_models(restApiId=self.api)["items"]}, {"Empty", "Error"})

    def test_tags_are_changed_by_arn(self):
        arn = f"arn:aws:apigateway:us-east-1::/restapis/{self.api}/stages/prod"
        self.rest.tag_resource(resourceArn=arn, tags={"x": "1", "y": "2"})
        self.rest.untag_resource(resourceArn=arn, tagKeys=["x"])
        self.assertEqual(self.rest.get_tags(resourceArn=arn)["tags"], {"y": "2"})

    def test_a_patch_changes_what_it_names_and_refuses_what_is_not_there(self):
        patch = [{"op": "replace", "path": "/description", "value": "e"}]
        self.assertEqual(self.rest.update_rest_api(restApiId=self.api, patchOperations=patch)["description"], "e")
        message = self.refused("BadRequestException", self.rest.update_rest_api, restApiId=self.api,
                               patchOperations=[{"op": "replace", "path": "/nothing", "value": "e"}])
        self.assertIn("Invalid patch path  '/nothing' specified for op 'replace'", message)
        self.assertEqual(self.refused("NotFoundException", self.rest.get_rest_api, restApiId="nothing123"),
                         "Invalid API identifier specified")
        self.assertEqual(
            self.refused("BadRequestException", self.rest.put_integration, **self.where, type="AWS_PROXY",
                         integrationHttpMethod="POST", uri=ARN), "AWS ARN for integration must contain path or action")

    def test_the_event_and_the_response_byte_for_byte(self):
        head, body = self.curl("/u/J%20Doe//x?tag=a&tag=b", "-H", "tEsT: 1")
        self.assertTrue(head.startswith("HTTP/1.1 200 OK"))
        self.assertIn("X-Seen: yes", head)
        self.assertIn("Content-Type: application/json", head)
        self.assertRegex(head, "x-amzn-RequestId: [0-9a-f-]{36}")
        event = json.loads(body)
        self.assertEqual((event["path"], event["pathParameters"]), ("/u/J%20Doe//x", {"proxy": "u/J%20Doe//x"}))
        self.assertEqual(event["requestContext"]["path"], "/prod/u/J%20Doe//x")
        self.assertEqual(event["multiValueQueryStringParameters"], {"tag": ["a", "b"]})
        self.assertEqual(event["headers"]["tEsT"], "1")
        self.assertEqual(event["stageVariables"], {"v": "1"})

    def test_errors_are_those_of_aws(self):
        head, body = self.curl("/broken")
        self.assertTrue(head.startswith("HTTP/1.1 502"))
        self.assertIn("Content-Length: 36", head)
        self.assertEqual(body, '{"message": "Internal server error"}')
        head, body = self.curl("/")
        self.assertTrue(head.startswith("HTTP/1.1 403"))
        self.assertIn("x-amzn-ErrorType: MissingAuthenticationTokenException", head)
        self.assertEqual(body, '{"message":"Missing Authentication Token"}')

    def test_the_cli_makes_keys_and_plans(self):
        key = self.emu.aws("apigateway", "create-api-key", "--name", "cli", "--enabled")
        plan = self.emu.aws("apigateway", "create-usage-plan", "--name", "p", "--api-stages", f"apiId={self.api},stage=prod",
                            "--throttle", "burstLimit=2,rateLimit=1", "--quota", "limit=10,period=DAY")
        self.emu.aws("apigateway", "create-usage-plan-key", "--usage-plan-id", plan["id"], "--key-id", key["id"], "--key-type", "API_KEY")
        keys = self.emu.aws("apigateway", "get-usage-plan-keys", "--usage-plan-id", plan["id"])["items"]
        self.assertEqual([k["value"] for k in keys], [key["value"]])
        self.assertNotIn("value", self.emu.aws("apigateway", "get-api-key", "--api-key", key["id"]))

    def test_pages_of_other_sites_reach_no_control_api(self):
        signed = "authorization: AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/apigateway/aws4_request, SignedHeaders=host, Signature=0"
        for options, status in ((["-H", "origin: https://evil.example"], "403"), (["-H", "host: evil.example"], "403"),
                                (["-H", "origin: http://localhost:3000"], "200")):
            done = subprocess.run(["curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "-H", signed, *options, self.emu.url + "/restapis"],
                                  capture_output=True, text=True, timeout=60)
            self.assertEqual(done.stdout, status, options)
        head, _ = self.curl("/x", "-H", "origin: https://elsewhere.example")
        self.assertTrue(head.startswith("HTTP/1.1 200"))


class Stalled(unittest.TestCase):
    def test_ten_thousand_stalled_connections_leave_the_daemon_healthy(self):
        wanted, allowed = 10_000, resource.getrlimit(resource.RLIMIT_NOFILE)
        hard = allowed[1] if allowed[1] != resource.RLIM_INFINITY else 1 << 20
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 1 << 20), allowed[1]))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, allowed)
        wanted = min(wanted, hard // 2 - 500)  # the daemon takes connections for half of its descriptors
        self.assertGreaterEqual(wanted, 1_500, "descriptors this test may open")
        with Daemon() as emu:
            before = resident(emu.process.pid)
            stalled = []
            self.addCleanup(lambda: [s.close() for s in stalled])
            for _ in range(wanted):
                one = socket.create_connection(("127.0.0.1", emu.port), timeout=10)
                one.sendall(b"POST /slow HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
                stalled.append(one)
            self.assertEqual(len(stalled), wanted)
            took = []
            for _ in range(50):
                begun = time.monotonic()
                self.assertEqual(emu.request("GET", "/_emu/health").status, 200)
                took.append(time.monotonic() - begun)
            self.assertLess(sorted(took)[25], 0.1)
            self.assertLess((resident(emu.process.pid) - before) / wanted, 24_000, "bytes of a stalled connection")
            emu.client("dynamodb").list_tables()


def resident(pid):
    with open(f"/proc/{pid}/statm") as statm:
        return int(statm.read().split()[1]) * resource.getpagesize()


if __name__ == "__main__":
    unittest.main()
