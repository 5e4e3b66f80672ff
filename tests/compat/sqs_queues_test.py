"""SQS queues through boto3 of Debian (the Query protocol) and the AWS command line: lives, attributes, tags, permissions."""
import json
import unittest

from daemon import WithEmu
from tables import flags

MISSING = "AWS.SimpleQueueService.NonExistentQueue"


class WithQueues(WithEmu):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sqs = cls.emu.client("sqs")

    def queue(self, name, **attributes):
        if name.endswith(".fifo"):
            attributes["FifoQueue"] = "true"
        return self.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]

    def attributes(self, url, *names):
        return self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(names or ["All"])).get("Attributes")

    def cli(self, command, **options):
        """aws sqs COMMAND --option value…: dicts and lists as JSON."""
        return self.emu.aws("sqs", command, *flags(options))


class Queues(WithQueues):
    def test_a_queue_is_made_found_listed_and_deleted(self):
        url = self.queue("life-1")
        self.assertEqual(url, f"http://127.0.0.1:{self.emu.port}/000000000000/life-1")
        self.assertEqual(self.queue("life-1"), url)
        self.assertEqual(self.sqs.get_queue_url(QueueName="life-1")["QueueUrl"], url)
        self.assertEqual(self.sqs.list_queues(QueueNamePrefix="life-")["QueueUrls"], [url])
        self.sqs.delete_queue(QueueUrl=url)
        with self.assertRaises(self.sqs.exceptions.QueueDoesNotExist) as caught:
            self.sqs.get_queue_url(QueueName="life-1")
        self.assertEqual(caught.exception.response["Error"],
                         {"Type": "Sender", "Code": MISSING,
                          "Message": "The specified queue does not exist for this wsdl version.", "Detail": None})
        self.refused(MISSING, self.sqs.delete_queue, QueueUrl=url)
        self.assertNotIn("QueueUrls", self.sqs.list_queues(QueueNamePrefix="life-"))

    def test_a_queue_of_another_shape_is_refused(self):
        self.queue("shape", DelaySeconds="1")
        with self.assertRaises(self.sqs.exceptions.QueueNameExists):
            self.queue("shape", DelaySeconds="2")

    def test_every_queue_is_on_one_page(self):
        urls = [self.queue(f"page-{n}") for n in range(5)]
        pages = list(self.sqs.get_paginator("list_queues").paginate(
            QueueNamePrefix="page-", PaginationConfig={"PageSize": 2}))
        self.assertEqual([url for page in pages for url in page["QueueUrls"]], urls)
        self.assertEqual(len(pages), 3)

    def test_attributes_are_set_and_shown(self):
        url = self.queue("attributes", VisibilityTimeout="45", Policy="")
        everything = self.attributes(url)
        self.assertEqual((everything["VisibilityTimeout"], everything["MaximumMessageSize"]), ("45", "1048576"))
        self.assertEqual(everything["QueueArn"], "arn:aws:sqs:us-east-1:000000000000:attributes")
        self.sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "5", "DelaySeconds": "7"})
        self.assertEqual(self.attributes(url, "VisibilityTimeout", "DelaySeconds"),
                         {"VisibilityTimeout": "5", "DelaySeconds": "7"})
        message = self.refused("InvalidAttributeValue", self.sqs.set_queue_attributes, QueueUrl=url,
                               Attributes={"DelaySeconds": "901"})
        self.assertEqual(message, "Invalid value for the parameter DelaySeconds.")
        self.refused("InvalidAttributeName", self.sqs.get_queue_attributes, QueueUrl=url, AttributeNames=["Nope"])

    def test_tags(self):
        url = self.sqs.create_queue(QueueName="tagged", tags={"a": "1"})["QueueUrl"]
        self.sqs.tag_queue(QueueUrl=url, Tags={"b": "2 & <3>", "c": ""})
        self.sqs.untag_queue(QueueUrl=url, TagKeys=["a"])
        self.assertEqual(self.sqs.list_queue_tags(QueueUrl=url)["Tags"], {"b": "2 & <3>", "c": ""})

    def test_permissions_are_statements_of_the_policy(self):
        url = self.queue("permitted")
        self.sqs.add_permission(QueueUrl=url, Label="them", AWSAccountIds=["111111111111", "222222222222"],
                                Actions=["SendMessage"])
        statement = json.loads(self.attributes(url, "Policy")["Policy"])["Statement"][0]
        self.assertEqual((statement["Sid"], statement["Action"]), ("them", "SQS:SendMessage"))
        self.sqs.remove_permission(QueueUrl=url, Label="them")
        self.assertIsNone(self.attributes(url, "Policy"))

    def test_dead_letter_queues_know_their_sources(self):
        dead = self.queue("sources-dead")
        arn = self.attributes(dead, "QueueArn")["QueueArn"]
        source = self.queue("sources-a", RedrivePolicy=json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 2}))
        self.assertEqual(self.sqs.list_dead_letter_source_queues(QueueUrl=dead)["queueUrls"], [source])
        self.refused("InvalidParameterValue", self.sqs.set_queue_attributes, QueueUrl=source, Attributes={
            "RedrivePolicy": json.dumps({"deadLetterTargetArn": arn + "-none", "maxReceiveCount": 2})})

    def test_the_resource_interface(self):
        sqs = self.emu.resource("sqs")
        queue = sqs.create_queue(QueueName="resource-q", Attributes={"DelaySeconds": "3"})
        self.assertEqual(sqs.get_queue_by_name(QueueName="resource-q").url, queue.url)
        self.assertEqual(queue.attributes["DelaySeconds"], "3")
        queue.set_attributes(Attributes={"DelaySeconds": "4"})
        queue.reload()
        self.assertEqual(queue.attributes["DelaySeconds"], "4")
        self.assertIn(queue.url, [q.url for q in sqs.queues.filter(QueueNamePrefix="resource-")])
        queue.delete()

    def test_regions_and_accounts_do_not_share_queues(self):
        far = self.emu.client("sqs", region="eu-west-1")
        url = far.create_queue(QueueName="far")["QueueUrl"]
        self.assertEqual(url, f"http://127.0.0.1:{self.emu.port}/queue/eu-west-1/000000000000/far")
        self.refused(MISSING, self.sqs.get_queue_url, QueueName="far")
        self.assertEqual(self.attributes(url, "QueueArn")["QueueArn"], "arn:aws:sqs:eu-west-1:000000000000:far")
        theirs = self.emu.client("sqs", access_key="222222222222").create_queue(QueueName="theirs")["QueueUrl"]
        self.refused(MISSING, self.sqs.get_queue_url, QueueName="theirs")
        found = self.sqs.get_queue_url(QueueName="theirs", QueueOwnerAWSAccountId="222222222222")["QueueUrl"]
        self.assertEqual(found, theirs)


class CommandLine(WithQueues):
    def test_a_queue_from_the_command_line(self):
        url = self.cli("create-queue", queue_name="cli-q", attributes={"VisibilityTimeout": "9"}, tags={"k": "v"})["QueueUrl"]
        self.assertEqual(self.cli("get-queue-url", queue_name="cli-q")["QueueUrl"], url)
        self.assertIn(url, self.cli("list-queues")["QueueUrls"])
        self.assertEqual(self.cli("list-queue-tags", queue_url=url)["Tags"], {"k": "v"})
        self.assertIsNone(self.cli("set-queue-attributes", queue_url=url, attributes={"DelaySeconds": "2"}))
        shown = self.cli("get-queue-attributes", queue_url=url, attribute_names="All")["Attributes"]
        self.assertEqual((shown["VisibilityTimeout"], shown["DelaySeconds"]), ("9", "2"))
        self.assertIsNone(self.cli("delete-queue", queue_url=url))
        with self.assertRaisesRegex(AssertionError, r"\(AWS.SimpleQueueService.NonExistentQueue\)"):
            self.cli("get-queue-url", queue_name="cli-q")


if __name__ == "__main__":
    unittest.main()
