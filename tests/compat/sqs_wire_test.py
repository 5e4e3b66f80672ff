"""SQS's wire in raw HTTP: two protocols at every path, what each calls an error, the forms of queue URLs."""
import json
import unittest
import xml.etree.ElementTree as ElementTree
from urllib.parse import urlencode

from cli_test import emu
from daemon import Daemon, WithEmu

NAMESPACE = "{http://queue.amazonaws.com/doc/2012-11-05/}"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def signed(region):
    return {"Authorization": f"AWS4-HMAC-SHA256 Credential=test/20260101/{region}/sqs/aws4_request, Signature=x"}


class WithWire(WithEmu):
    def json(self, operation, body, path="/", region="us-east-1", status=200, **headers):
        sent = {"X-Amz-Target": f"AmazonSQS.{operation}", "Content-Type": "application/x-amz-json-1.0", **signed(region),
                **headers}
        reply = self.emu.request("POST", path, body if isinstance(body, str) else json.dumps(body), sent)
        self.assertEqual(reply.status, status, reply.body)
        return reply

    def form(self, action, path="/", region="us-east-1", status=200, headers=None, **parameters):
        body = urlencode({"Action": action, "Version": "2012-11-05", **{k.replace("_", "."): v for k, v in parameters.items()}})
        reply = self.emu.request("POST", path, body, {**FORM, **signed(region), **(headers or {})})
        self.assertEqual(reply.status, status, reply.body)
        return reply

    def url(self, name, region="us-east-1", **headers):
        return self.json("CreateQueue", {"QueueName": name}, region=region, **headers).json()["QueueUrl"]


class Protocols(WithWire):
    def test_the_same_queue_in_both_protocols_and_at_both_paths(self):
        url = self.url("both")
        for path in ("/", "/000000000000/both"):
            shown = self.json("GetQueueAttributes", {"QueueUrl": url, "AttributeNames": ["QueueArn"]}, path).json()
            self.assertEqual(shown["Attributes"]["QueueArn"], "arn:aws:sqs:us-east-1:000000000000:both")
        reply = self.form("GetQueueAttributes", "/000000000000/both", AttributeName_1="QueueArn")
        self.assertEqual(reply.headers["Content-Type"], "text/xml")
        root = ElementTree.fromstring(reply.body)
        self.assertEqual(root.tag, NAMESPACE + "GetQueueAttributesResponse")
        self.assertEqual(root.find(f".//{NAMESPACE}Attribute/{NAMESPACE}Value").text,
                         "arn:aws:sqs:us-east-1:000000000000:both")
        self.assertEqual(root.find(f".//{NAMESPACE}RequestId").text, reply.headers["x-amzn-RequestId"])

    def test_a_get_of_a_queue_is_a_request_if_it_has_an_action(self):
        self.url("got")
        reply = self.emu.request("GET", "/000000000000/got?Action=GetQueueAttributes&AttributeName.1=All")
        self.assertIn("<Name>VisibilityTimeout</Name><Value>30</Value>", reply.text)
        reply = self.emu.request("GET", "/000000000000/got?Action=GetQueueAttributes&AttributeName.1=QueueArn", None,
                                 {"Accept": "application/json"}).json()
        self.assertEqual(reply["GetQueueAttributesResponse"]["GetQueueAttributesResult"]["Attributes"],
                         [{"Name": "QueueArn", "Value": "arn:aws:sqs:us-east-1:000000000000:got"}])
        none = self.emu.request("GET", "/000000000000/got")
        self.assertEqual((none.status, none.text.strip()), (404, "<UnknownOperationException/>"))

    def test_operations_of_the_service_are_none_of_a_queue(self):
        self.url("narrow")
        for action in ("CreateQueue", "ListQueues", "Wave"):
            text = self.form(action, "/000000000000/narrow", status=400).text
            self.assertIn(f"<Code>InvalidAction</Code><Message>The action {action} is not valid for this endpoint.<", text)

    def test_an_operation_without_output_answers_with_nothing(self):
        self.url("mute")
        self.assertEqual(self.json("TagQueue", {"QueueUrl": "mute", "Tags": {"k": "v"}}).text, "")
        self.assertNotIn("Result", self.form("TagQueue", QueueUrl="mute", Tag_1_Key="a", Tag_1_Value="b").text)

    def test_errors_have_a_name_in_each_protocol(self):
        reply = self.json("GetQueueUrl", {"QueueName": "none"}, status=400)
        self.assertEqual(reply.headers["x-amzn-query-error"], "AWS.SimpleQueueService.NonExistentQueue;Sender")
        self.assertEqual(reply.json(), {"__type": "com.amazonaws.sqs#QueueDoesNotExist",
                                        "message": "The specified queue does not exist."})
        text = self.form("GetQueueUrl", status=400, QueueName="none").text
        self.assertIn("<Error><Type>Sender</Type><Code>AWS.SimpleQueueService.NonExistentQueue</Code>", text)
        for body in ("", "[]", "{", "7", '{"QueueName":"a"}}'):
            broken = self.json("GetQueueUrl", body, status=400)
            self.assertEqual(broken.json()["__type"], "com.amazon.coral.service#SerializationException")
            self.assertEqual(broken.headers["x-amzn-query-error"], "MalformedInput;Sender")

    def test_malformed_forms_are_refused_and_nothing_else_happens(self):
        self.assertEqual(self.form("CreateQueue", status=400).status, 400)
        for body in ("Action=CreateQueue&QueueName=%", "Action=CreateQueue&QueueName.1.2.3=x",
                     "Action=CreateQueue&QueueName=ok&Attribute.1=x", "Action=CreateQueue&" + "a." * 5000 + "=1",
                     "Action=ListQueues&MaxResults=1e3", "&&&=&Action=CreateQueue&=QueueName"):
            reply = self.emu.request("POST", "/", body, {**FORM, **signed("us-east-1")})
            self.assertIn(reply.status, (400, 404), body)
            ElementTree.fromstring(reply.body)
        self.assertNotIn("ok", self.form("ListQueues").text.split("QueueUrl"))

    def test_urls_have_the_host_that_the_client_used(self):
        self.assertEqual(self.url("hosted", Host="emu.localhost:99"), "http://emu.localhost:99/000000000000/hosted")
        far = self.url("hosted", region="eu-west-1", Host="emu.localhost:99")
        self.assertEqual(far, "http://emu.localhost:99/queue/eu-west-1/000000000000/hosted")
        path = far.removeprefix("http://emu.localhost:99")
        self.assertIn("eu-west-1", self.emu.request("GET", path + "?Action=GetQueueAttributes&AttributeName.1=QueueArn").text)

    def test_every_form_of_url_names_the_queue(self):
        self.url("formed", region="eu-west-1")
        for url in ("http://sqs.eu-west-1.localhost:4566/000000000000/formed",
                    "http://eu-west-1.queue.localhost:4566/000000000000/formed",
                    "http://any/queue/eu-west-1/000000000000/formed",
                    "https://sqs.eu-west-1.amazonaws.com/000000000000/formed"):
            self.json("GetQueueAttributes", {"QueueUrl": url})
        self.json("GetQueueAttributes", {"QueueUrl": "http://any/000000000000/formed"}, region="eu-west-1")


class Standard(WithWire):
    @classmethod
    def daemon(cls):
        return Daemon(options=["--sqs-urls", "standard", "--sqs-sixty-seconds"])

    def test_urls_are_as_on_aws(self):
        url = self.url("q", region="eu-west-1", Host="localhost:4566")
        self.assertEqual(url, "http://sqs.eu-west-1.localhost:4566/000000000000/q")

    def test_a_name_is_not_free_at_once(self):
        url = self.url("gone")
        self.json("DeleteQueue", {"QueueUrl": url})
        refused = self.json("CreateQueue", {"QueueName": "gone"}, status=400)
        self.assertEqual(refused.headers["x-amzn-query-error"], "AWS.SimpleQueueService.QueueDeletedRecently;Sender")


class Path(WithWire):
    @classmethod
    def daemon(cls):
        return Daemon(environment={"EMU_SQS_URLS": "path"})

    def test_the_environment_chooses_the_form_of_urls(self):
        self.assertEqual(self.url("q", Host="localhost:4566"), "http://localhost:4566/queue/us-east-1/000000000000/q")


class Option(unittest.TestCase):
    def test_a_form_of_urls_that_is_none_is_refused(self):
        done = emu("up", "--sqs-urls", "short")
        self.assertEqual((done.returncode, done.stderr), (2, (
            "emu: --sqs-urls: short is no form of queue URLs; --sqs-urls and EMU_SQS_URLS take dynamic, standard, domain, "
            "path or legacy. See emu up --help\n")))


if __name__ == "__main__":
    unittest.main()
