"""APIs in front of other services, made with boto3: an HTTP API that sends to a queue, a REST API before a queue, a table and a
function that runs later."""
import json
import unittest
from functions import WithFunctions

LATER = """
import boto3
def handler(event, context):
    queue = boto3.client("sqs").get_queue_url(QueueName="jobs")["QueueUrl"]
    boto3.client("sqs").send_message(QueueUrl=queue, MessageBody="did " + event["task"])
"""
ROLE = "arn:aws:iam::000000000000:role/any"


class Integrations(WithFunctions):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sqs, cls.http, cls.rest = cls.emu.client("sqs"), cls.emu.client("apigatewayv2"), cls.emu.client("apigateway")
        cls.queue = cls.sqs.create_queue(QueueName="jobs")["QueueUrl"]

    def received(self):
        messages = self.sqs.receive_message(QueueUrl=self.queue, MessageAttributeNames=["All"], WaitTimeSeconds=20).get("Messages", [])
        for message in messages:
            self.sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=message["ReceiptHandle"])
        return messages

    def send(self, method, path, body=None, **headers):
        return self.emu.request(method, path, body, {"Content-Type": "application/json", **headers})

    def rest_api(self, integration, responses, statuses=("200",)):
        """A REST API whose POST / has this integration; its path."""
        api = self.rest.create_rest_api(name="services")
        root = self.rest.get_resources(restApiId=api["id"])["items"][0]["id"]
        at = {"restApiId": api["id"], "resourceId": root, "httpMethod": "POST"}
        self.rest.put_method(**at, authorizationType="NONE")
        self.rest.put_integration(**at, type="AWS", integrationHttpMethod="POST", credentials=ROLE, **integration)
        for status in statuses:
            self.rest.put_method_response(**at, statusCode=status)
        for response in responses:
            self.rest.put_integration_response(**at, **response)
        self.rest.create_deployment(restApiId=api["id"], stageName="live")
        return f"/restapis/{api['id']}/live/_user_request_/"

    def test_an_http_api_sends_to_a_queue(self):
        api = self.http.create_api(Name="jobs", ProtocolType="HTTP")["ApiId"]
        integration = self.http.create_integration(
            ApiId=api, IntegrationType="AWS_PROXY", IntegrationSubtype="SQS-SendMessage", PayloadFormatVersion="1.0",
            CredentialsArn=ROLE, RequestParameters={"QueueUrl": self.queue, "MessageBody": "$request.body.job",
                                                    "MessageAttributes": "$request.header.attributes"})
        self.assertEqual(integration["IntegrationSubtype"], "SQS-SendMessage")
        self.http.create_route(ApiId=api, RouteKey="POST /jobs", Target=f"integrations/{integration['IntegrationId']}")
        self.http.create_stage(ApiId=api, StageName="$default", AutoDeploy=True)
        attributes = json.dumps({"kind": {"DataType": "String", "StringValue": "new"}})
        sent = self.send("POST", f"/_aws/execute-api/{api}/jobs", '{"job": {"n": 1}}', attributes=attributes)
        self.assertEqual(sent.status, 200, sent.text)
        message = self.received()[0]
        self.assertEqual(json.loads(message["Body"]), {"n": 1})
        self.assertEqual(message["MessageAttributes"]["kind"]["StringValue"], "new")
        self.assertIn(f"<MessageId>{message['MessageId']}</MessageId>", sent.text)

    def test_a_service_that_emu_has_not_is_refused_by_name(self):
        api = self.http.create_api(Name="events", ProtocolType="HTTP")["ApiId"]
        message = self.refused(
            "BadRequestException", self.http.create_integration, ApiId=api, IntegrationType="AWS_PROXY", PayloadFormatVersion="1.0",
            IntegrationSubtype="EventBridge-PutEvents", RequestParameters={"Detail": "$request.body", "DetailType": "a", "Source": "b"})
        self.assertIn("emu has no service for the integration subtype EventBridge-PutEvents yet", message)
        message = self.refused("BadRequestException", self.rest_api, {"uri": "arn:aws:apigateway:us-east-1:kinesis:action/PutRecord"}, [])
        self.assertIn("emu has no service kinesis to integrate with yet", message)

    def test_a_rest_api_sends_to_a_queue_and_maps_the_answer(self):
        path = self.rest_api(
            {"uri": "arn:aws:apigateway:us-east-1:sqs:path/000000000000/jobs",
             "requestParameters": {"integration.request.header.Content-Type": "'application/x-www-form-urlencoded'"},
             "requestTemplates": {"application/json": "Action=SendMessage&MessageBody=$util.urlEncode($input.body)"}},
            [{"statusCode": "200", "responseTemplates": {
                "application/json": '{"id":"$input.path("$.SendMessageResponse.SendMessageResult.MessageId")"}'}}])
        body = json.dumps({"text": "1 + 1 = 2 & ü"})
        sent = self.send("POST", path, body)
        message = self.received()[0]
        self.assertEqual((sent.status, sent.json()), (200, {"id": message["MessageId"]}))
        self.assertEqual(message["Body"], body)

    def test_a_rest_api_puts_into_a_table_and_maps_a_failed_condition(self):
        table = self.emu.resource("dynamodb").create_table(
            TableName="notes", BillingMode="PAY_PER_REQUEST", AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}])
        template = """#set($in = $input.path('$'))
            {"TableName": "notes", "ConditionExpression": "attribute_not_exists(id)",
             "Item": {"id": {"S": "$in.id"}, "tags": {"L": [#foreach($tag in $in.tags){"S": "$tag"}#if($foreach.hasNext),#end#end]}}}"""
        path = self.rest_api(
            {"uri": "arn:aws:apigateway:us-east-1:dynamodb:action/PutItem", "requestTemplates": {"application/json": template}},
            [{"statusCode": "200", "responseTemplates": {"application/json": '{"kept":true}'}},
             {"statusCode": "409", "selectionPattern": "400", "responseTemplates": {"application/json": "$input.json('$.message')"}}],
            ("200", "409"))
        note = json.dumps({"id": "7", "tags": ["a", "b"]})
        kept, again = self.send("POST", path, note), self.send("POST", path, note)
        self.assertEqual((kept.status, kept.json()), (200, {"kept": True}))
        self.assertEqual(table.get_item(Key={"id": "7"})["Item"], {"id": "7", "tags": ["a", "b"]})
        self.assertEqual((again.status, again.json()), (409, "The conditional request failed"))

    def test_a_rest_api_invokes_a_function_that_runs_later(self):
        self.function("later", files={"app.py": LATER})
        arn = "arn:aws:lambda:us-east-1:000000000000:function:later"
        path = self.rest_api(
            {"uri": f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{arn}/invocations",
             "requestParameters": {"integration.request.header.X-Amz-Invocation-Type": "'Event'"},
             "requestTemplates": {"application/json": '{"task": "$input.path(\'$.what\')"}'}},
            [{"statusCode": "200"}])
        reply = self.send("POST", path, '{"what": "sweeping"}')
        self.assertEqual((reply.status, reply.text), (200, ""))
        self.assertEqual(self.received()[0]["Body"], "did sweeping")


if __name__ == "__main__":
    unittest.main()
