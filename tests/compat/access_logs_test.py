"""Access logs of both kinds of API, read back through CloudWatch Logs."""
import json
import unittest

from daemon import until
from functions import WithFunctions

ECHO = """
def handler(event, context):
    return {"statusCode": 201, "body": "made"}
"""
FORMAT = '{"id":"$context.requestId","route":"$context.routeKey","resource":"$context.resourcePath","status":"$context.status"}'


class AccessLogs(WithFunctions):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls("runTest").function("echo", files={"app.py": ECHO}, Timeout=10)
        cls.arn = "arn:aws:lambda:us-east-1:000000000000:function:echo"
        cls.logs = cls.emu.client("logs")

    def runTest(self):
        """Only so that setUpClass may use an instance."""

    def group(self, name):
        self.logs.create_log_group(logGroupName=name)
        return self.logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"][0]["arn"]

    def lines(self, group):
        return [json.loads(event["message"]) for event in self.logs.filter_log_events(logGroupName=group)["events"]]

    def test_a_request_to_an_http_api_is_an_event_of_its_stages_group(self):
        gateway = self.emu.client("apigatewayv2")
        api = gateway.create_api(Name="logged", ProtocolType="HTTP", Target=self.arn)["ApiId"]
        gateway.update_stage(ApiId=api, StageName="$default",
                             AccessLogSettings={"DestinationArn": self.group("/aws/http-api/logged"), "Format": FORMAT})
        answer = self.emu.request("GET", f"/_aws/execute-api/{api}/$default/x")
        self.assertEqual(answer.status, 201)
        line = until("the event", lambda: self.lines("/aws/http-api/logged"))[0]
        self.assertEqual(line, {"id": answer.headers["apigw-requestid"], "route": "$default", "resource": "-", "status": "201"})
        gateway.delete_access_log_settings(ApiId=api, StageName="$default")
        self.assertNotIn("AccessLogSettings", gateway.get_stage(ApiId=api, StageName="$default"))
        streams = self.logs.describe_log_streams(logGroupName="/aws/http-api/logged")["logStreams"]
        self.assertTrue(streams[0]["logStreamName"].endswith("-$default"))
        events = self.logs.get_log_events(logGroupName="/aws/http-api/logged", logStreamName=streams[0]["logStreamName"])
        self.assertEqual(len(events["events"]), 1)

    def test_a_request_to_a_rest_api_is_one_too_and_exported_and_tried_out(self):
        gateway = self.emu.client("apigateway")
        api = gateway.create_rest_api(name="logged")["id"]
        root = gateway.get_resources(restApiId=api)["items"][0]["id"]
        gateway.put_method(restApiId=api, resourceId=root, httpMethod="GET", authorizationType="NONE")
        gateway.put_integration(restApiId=api, resourceId=root, httpMethod="GET", type="AWS_PROXY", integrationHttpMethod="POST",
                                uri=f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{self.arn}/invocations")
        gateway.create_deployment(restApiId=api, stageName="prod")
        arn = self.group("/aws/api-gateway/logged")
        gateway.update_stage(restApiId=api, stageName="prod", patchOperations=[
            {"op": "replace", "path": "/accessLogSettings/destinationArn", "value": arn.removesuffix(":*")},
            {"op": "replace", "path": "/accessLogSettings/format", "value": FORMAT}])
        answer = self.emu.request("GET", f"/_aws/execute-api/{api}/prod/")
        self.assertEqual(answer.status, 201)
        line = until("the event", lambda: self.lines("/aws/api-gateway/logged"))[0]
        self.assertEqual(line, {"id": answer.headers["x-amzn-requestid"], "route": "-", "resource": "/", "status": "201"})
        export = gateway.get_export(restApiId=api, stageName="prod", exportType="oas30",
                                    parameters={"extensions": "apigateway"})
        self.assertEqual(json.loads(export["body"].read())["paths"]["/"]["get"]["x-amazon-apigateway-integration"]["type"], "aws_proxy")
        tried = gateway.test_invoke_method(restApiId=api, resourceId=root, httpMethod="GET")
        self.assertEqual((tried["status"], tried["body"]), (201, "made"))


if __name__ == "__main__":
    unittest.main()
