"""HTTP APIs made through the apigatewayv2 operations and called at every address they have."""
import json
import unittest
import urllib.parse

from functions import WithFunctions

ECHO = """
def handler(event, context):
    if event["rawPath"].endswith("/shape"):
        return event["queryStringParameters"].get("as", "") and eval(event["queryStringParameters"]["as"])
    return event
"""


class WithApi(WithFunctions):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gateway = cls.emu.client("apigatewayv2")
        self = cls("runTest")
        self.function("echo", files={"app.py": ECHO}, Timeout=10)
        arn = "arn:aws:lambda:us-east-1:000000000000:function:echo"
        cls.api = cls.gateway.create_api(Name="compat", ProtocolType="HTTP")["ApiId"]
        integration = cls.gateway.create_integration(ApiId=cls.api, IntegrationType="AWS_PROXY", IntegrationUri=arn,
                                                     PayloadFormatVersion="2.0")["IntegrationId"]
        for key in ("GET /pets/dog/1", "GET /pets/dog/{id}", "GET /pets/{proxy+}", "ANY /any", "POST /echo", "GET /shape"):
            cls.gateway.create_route(ApiId=cls.api, RouteKey=key, Target=f"integrations/{integration}")
        cls.gateway.create_stage(ApiId=cls.api, StageName="$default", AutoDeploy=True)
        cls.gateway.create_stage(ApiId=cls.api, StageName="beta", AutoDeploy=True)
        cls.integration = integration

    def runTest(self):
        """Only so that setUpClass may use an instance."""

    def call(self, method, path, body=None, headers=None, stage="$default"):
        return self.emu.request(method, f"/_aws/execute-api/{self.api}/{stage}{path}", body, headers)


class Control(WithApi):
    def test_an_api_is_described_as_aws_describes_it(self):
        api = self.gateway.get_api(ApiId=self.api)
        self.assertRegex(self.api, r"^[a-z0-9]{10}$")
        self.assertEqual((api["Name"], api["ProtocolType"], api["RouteSelectionExpression"]),
                         ("compat", "HTTP", "$request.method $request.path"))
        self.assertIn(self.api, [a["ApiId"] for a in self.gateway.get_apis()["Items"]])

    def test_routes_are_listed_with_their_targets(self):
        routes = {r["RouteKey"]: r for r in self.gateway.get_routes(ApiId=self.api)["Items"]}
        self.assertEqual(routes["POST /echo"]["Target"], f"integrations/{self.integration}")
        self.assertEqual(routes["POST /echo"]["AuthorizationType"], "NONE")

    def test_a_route_is_taken_once_and_an_unknown_api_is_not_found(self):
        message = self.refused("ConflictException", self.gateway.create_route, ApiId=self.api, RouteKey="POST /echo")
        self.assertEqual(message, "Route with key POST /echo already exists for this API")
        message = self.refused("NotFoundException", self.gateway.get_api, ApiId="nothing123")
        self.assertEqual(message, "Invalid API identifier specified 000000000000:nothing123")

    def test_a_deleted_api_answers_no_more(self):
        api = self.gateway.create_api(Name="short", ProtocolType="HTTP")["ApiId"]
        self.assertEqual(self.gateway.delete_api(ApiId=api)["ResponseMetadata"]["HTTPStatusCode"], 204)
        self.refused("NotFoundException", self.gateway.get_api, ApiId=api)


class Addresses(WithApi):
    def test_one_api_is_reached_by_path_and_by_host(self):
        for path, headers in ((f"/_aws/execute-api/{self.api}/$default/any", {}),
                              (f"/_aws/execute-api/{self.api}/%24default/any", {}),
                              (f"/restapis/{self.api}/$default/_user_request_/any", {}),
                              ("/any", {"host": f"{self.api}.execute-api.localhost:{self.emu.port}"}),
                              ("/any", {"host": f"{self.api}.execute-api.us-east-1.amazonaws.com"}),
                              ("/any", {"host": f"{self.api}.execute-api.localhost.localstack.cloud:{self.emu.port}"})):
            reply = self.emu.request("GET", path, headers=headers)
            self.assertEqual((reply.status, reply.status == 200 and reply.json()["rawPath"]), (200, "/any"), (path, reply.text))

    def test_a_named_stage_shows_in_the_path(self):
        reply = self.call("GET", "/any", stage="beta").json()
        self.assertEqual((reply["rawPath"], reply["requestContext"]["stage"]), ("/beta/any", "beta"))

    def test_an_unknown_stage_or_route_is_not_found(self):
        for reply in (self.call("GET", "/any", stage="gamma"), self.call("GET", "/nothing"), self.call("GET", "/echo")):
            self.assertEqual((reply.status, reply.text), (404, '{"message":"Not Found"}'))


class Events(WithApi):
    def test_the_event_has_payload_version_two(self):
        reply = self.call("POST", "/echo?a=1&b=x%20y&a=2&flag", '{"k":1}',
                          {"Content-Type": "application/json", "X-Thing": "One", "Cookie": "s=1; t=2"})
        event = reply.json()
        self.assertEqual((event["version"], event["routeKey"], event["rawPath"]), ("2.0", "POST /echo", "/echo"))
        self.assertEqual(event["rawQueryString"], "a=1&b=x%20y&a=2&flag")
        self.assertEqual(event["queryStringParameters"], {"a": "1,2", "b": "x y", "flag": ""})
        self.assertEqual((event["body"], event["isBase64Encoded"]), ('{"k":1}', False))
        self.assertEqual((event["headers"]["x-thing"], event["cookies"]), ("One", ["s=1", "t=2"]))
        self.assertNotIn("cookie", event["headers"])
        context = event["requestContext"]
        self.assertEqual((context["accountId"], context["apiId"], context["stage"]), ("000000000000", self.api, "$default"))
        self.assertEqual((context["http"]["method"], context["http"]["path"], context["http"]["sourceIp"]),
                         ("POST", "/echo", "127.0.0.1"))
        self.assertEqual(reply.headers["apigw-requestid"], context["requestId"])
        self.assertRegex(context["time"], r"^\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000$")

    def test_what_has_no_value_is_absent(self):
        event = self.call("GET", "/any").json()
        for name in ("cookies", "queryStringParameters", "pathParameters", "stageVariables", "body"):
            self.assertNotIn(name, event)

    def test_the_most_specific_route_wins(self):
        key = lambda path: (lambda e: (e["routeKey"], e.get("pathParameters")))(self.call("GET", path).json())
        self.assertEqual(key("/pets/dog/1"), ("GET /pets/dog/1", None))
        self.assertEqual(key("/pets/dog/2"), ("GET /pets/dog/{id}", {"id": "2"}))
        self.assertEqual(key("/pets/cat/2/x"), ("GET /pets/{proxy+}", {"proxy": "cat/2/x"}))
        self.assertEqual(key("/pets/dog/J%20D"), ("GET /pets/dog/{id}", {"id": "J D"}))

    def test_bytes_arrive_as_base64(self):
        event = self.call("POST", "/echo", b"\x00\xff\x01", {"content-type": "application/octet-stream"}).json()
        self.assertEqual((event["body"], event["isBase64Encoded"]), ("AP8B", True))


class Answers(WithApi):
    def answer(self, expression):
        return self.call("GET", "/shape?as=" + urllib.parse.quote(expression))

    def test_a_structured_answer_sets_status_headers_and_cookies(self):
        reply = self.answer("{'statusCode': 201, 'headers': {'x-mine': 'yes'}, 'cookies': ['a=1', 'b=2'], 'body': 'made'}")
        self.assertEqual((reply.status, reply.text, reply.headers["x-mine"]), (201, "made", "yes"))
        self.assertEqual(reply.headers.get_all("set-cookie"), ["a=1", "b=2"])
        self.assertEqual(reply.headers["content-type"], "text/plain; charset=utf-8")

    def test_a_plain_answer_is_a_body_of_json(self):
        for expression, body in (("[1, 2]", [1, 2]), ("{'a': 1}", {"a": 1}), ("17", 17)):
            reply = self.answer(expression)
            self.assertEqual((reply.status, json.loads(reply.text), reply.headers["content-type"]), (200, body, "application/json"))
        self.assertEqual(self.answer("'text'").text, "text")

    def test_base64_is_decoded(self):
        self.assertEqual(self.answer("{'statusCode': 200, 'body': 'AP8B', 'isBase64Encoded': True}").body, b"\x00\xff\x01")

    def test_an_answer_that_cannot_be_sent_is_an_internal_error(self):
        for expression in ("{'statusCode': 'abc'}", "{'statusCode': 200.5}", "1/0"):
            reply = self.answer(expression)
            self.assertEqual((reply.status, reply.text), (500, '{"message":"Internal Server Error"}'), expression)


class QuickCreate(WithApi):
    def test_a_target_makes_a_whole_api(self):
        api = self.gateway.create_api(Name="quick", ProtocolType="HTTP",
                                      Target="arn:aws:lambda:us-east-1:000000000000:function:echo")["ApiId"]
        reply = self.emu.request("GET", f"/_aws/execute-api/{api}/$default/whatever/there/is")
        self.assertEqual((reply.status, reply.json()["routeKey"]), (200, "$default"))


if __name__ == "__main__":
    unittest.main()
