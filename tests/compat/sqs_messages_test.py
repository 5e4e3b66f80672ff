"""SQS messages through boto3 of Debian (the Query protocol), client and resource, and the AWS command line.

botocore checks the MD5 of every body it receives, and boto3 the attributes' types: a wrong digest fails here."""
import json
import threading
import time
import unittest

from sqs_queues_test import WithQueues

PREFIX = "AWS.SimpleQueueService."


class Messages(WithQueues):
    def receive(self, url, **more):
        more = {"AttributeNames": ["All"], "MessageAttributeNames": ["All"], "MaxNumberOfMessages": 10, **more}
        return self.sqs.receive_message(QueueUrl=url, **more).get("Messages", [])

    def test_a_message_is_sent_received_and_deleted(self):
        url = self.queue("round")
        body = "ünïcode & <tags> \t\r\n end"
        sent = self.sqs.send_message(QueueUrl=url, MessageBody=body, MessageAttributes={
            "text": {"DataType": "String", "StringValue": "a\r\nb"},
            "number": {"DataType": "Number.int", "StringValue": "42"},
            "bytes": {"DataType": "Binary", "BinaryValue": b"\x00\x01\xff"}})
        message, = self.receive(url)
        self.assertEqual((message["Body"], message["MessageId"]), (body, sent["MessageId"]))
        self.assertEqual(message["MD5OfMessageAttributes"], sent["MD5OfMessageAttributes"])
        self.assertEqual(message["MessageAttributes"]["bytes"], {"DataType": "Binary", "BinaryValue": b"\x00\x01\xff"})
        self.assertEqual(message["MessageAttributes"]["number"], {"DataType": "Number.int", "StringValue": "42"})
        self.assertEqual(message["MessageAttributes"]["text"]["StringValue"], "a\r\nb")
        self.assertEqual(message["Attributes"]["ApproximateReceiveCount"], "1")
        self.assertEqual(self.receive(url), [])
        self.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        counts = self.attributes(url, "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
        self.assertEqual(set(counts.values()), {"0"})

    def test_the_digests_are_those_of_aws(self):
        url = self.queue("digests")
        sent = self.sqs.send_message(QueueUrl=url, MessageBody="test", MessageAttributes={
            "timestamp": {"DataType": "Number", "StringValue": "1493147359900"}})
        self.assertEqual(sent["MD5OfMessageBody"], "098f6bcd4621d373cade4e832627b4f6")
        self.assertEqual(sent["MD5OfMessageAttributes"], "235c5c510d26fb653d073faed50ae77c")

    def test_a_batch_may_fail_in_part(self):
        url = self.queue("part", MaximumMessageSize="1024")
        reply = self.sqs.send_message_batch(QueueUrl=url, Entries=[
            {"Id": "good", "MessageBody": "x", "DelaySeconds": 0},
            {"Id": "large", "MessageBody": "x" * 2000}])
        self.assertEqual([entry["Id"] for entry in reply["Successful"]], ["good"])
        self.assertEqual([(e["Id"], e["Code"], e["SenderFault"]) for e in reply["Failed"]],
                         [("large", "InvalidParameterValue", True)])
        message, = self.receive(url)
        changed = self.sqs.change_message_visibility_batch(QueueUrl=url, Entries=[
            {"Id": "m", "ReceiptHandle": message["ReceiptHandle"], "VisibilityTimeout": 0},
            {"Id": "bad", "ReceiptHandle": "nonsense", "VisibilityTimeout": 0}])
        self.assertEqual([entry["Id"] for entry in changed["Successful"]], ["m"])
        self.assertEqual([entry["Code"] for entry in changed["Failed"]], ["ReceiptHandleIsInvalid"])
        message, = self.receive(url)
        deleted = self.sqs.delete_message_batch(QueueUrl=url, Entries=[
            {"Id": "m", "ReceiptHandle": message["ReceiptHandle"]}])
        self.assertEqual([entry["Id"] for entry in deleted["Successful"]], ["m"])
        self.assertNotIn("Failed", deleted)

    def test_errors_have_the_codes_of_the_query_protocol(self):
        url = self.queue("codes")
        entry = {"Id": "a", "MessageBody": "x"}
        self.refused(PREFIX + "TooManyEntriesInBatchRequest", self.sqs.send_message_batch, QueueUrl=url,
                     Entries=[{**entry, "Id": str(n)} for n in range(11)])
        self.refused(PREFIX + "BatchEntryIdsNotDistinct", self.sqs.send_message_batch, QueueUrl=url, Entries=[entry, entry])
        self.refused(PREFIX + "EmptyBatchRequest", self.sqs.send_message_batch, QueueUrl=url, Entries=[])
        self.refused(PREFIX + "InvalidBatchEntryId", self.sqs.send_message_batch, QueueUrl=url,
                     Entries=[{**entry, "Id": "a b"}])
        self.refused("ReceiptHandleIsInvalid", self.sqs.delete_message, QueueUrl=url, ReceiptHandle="nonsense")
        self.refused("InvalidMessageContents", self.sqs.send_message, QueueUrl=url, MessageBody="\x1e")
        self.refused("InvalidParameterValue", self.sqs.receive_message, QueueUrl=url, MaxNumberOfMessages=11)
        self.assertEqual(self.refused("MissingParameter", self.sqs.send_message, QueueUrl=self.queue("codes.fifo"),
                                      MessageBody="x"), "The request must contain the parameter MessageGroupId.")

    def test_a_fifo_queue_keeps_order_and_drops_duplicates(self):
        url = self.queue("order.fifo", ContentBasedDeduplication="true")
        numbers = [self.sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId="g")["SequenceNumber"]
                   for body in ("a", "b", "a", "c")]
        self.assertEqual(numbers[0], numbers[2])
        got = self.receive(url)
        self.assertEqual([m["Body"] for m in got], ["a", "b", "c"])
        self.assertEqual([m["Attributes"]["MessageGroupId"] for m in got], ["g"] * 3)
        self.sqs.send_message(QueueUrl=url, MessageBody="d", MessageGroupId="g")
        self.assertEqual(self.receive(url), [])

    def test_a_waiting_receiver_gets_what_is_sent_meanwhile(self):
        url = self.queue("waiting")
        threading.Timer(0.2, lambda: self.emu.client("sqs").send_message(QueueUrl=url, MessageBody="late")).start()
        began = time.monotonic()
        message, = self.receive(url, WaitTimeSeconds=20)
        self.assertEqual(message["Body"], "late")
        self.assertLess(time.monotonic() - began, 15)

    def test_dead_letters_and_a_purge(self):
        dead = self.queue("letters")
        arn = self.attributes(dead, "QueueArn")["QueueArn"]
        url = self.queue("dying", VisibilityTimeout="0",
                         RedrivePolicy=json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": "1"}))
        self.sqs.send_message(QueueUrl=url, MessageBody="poison")
        self.assertEqual(len(self.receive(url)), 1)
        self.assertEqual(self.receive(url), [])
        letter, = self.receive(dead)
        self.assertEqual((letter["Body"], letter["Attributes"]["ApproximateReceiveCount"]), ("poison", "2"))
        self.assertTrue(letter["Attributes"]["DeadLetterQueueSourceArn"].endswith(":dying"))
        self.sqs.purge_queue(QueueUrl=dead)
        self.assertEqual(self.attributes(dead, "ApproximateNumberOfMessagesNotVisible"),
                         {"ApproximateNumberOfMessagesNotVisible": "0"})

    def test_a_deleted_queue_ends_the_waiting(self):
        url = self.queue("ending")
        threading.Timer(0.2, lambda: self.emu.client("sqs").delete_queue(QueueUrl=url)).start()
        self.refused(PREFIX + "NonExistentQueue", self.sqs.receive_message, QueueUrl=url, WaitTimeSeconds=20)

    def test_the_resource_interface(self):
        queue = self.emu.resource("sqs").create_queue(QueueName="objects")
        queue.send_message(MessageBody="one", MessageAttributes={"k": {"DataType": "String", "StringValue": "v"}})
        queue.send_messages(Entries=[{"Id": "2", "MessageBody": "two"}])
        got = queue.receive_messages(MaxNumberOfMessages=10, MessageAttributeNames=["k"], AttributeNames=["SentTimestamp"])
        self.assertEqual(sorted(m.body for m in got), ["one", "two"])
        first = next(m for m in got if m.body == "one")
        self.assertEqual(first.message_attributes, {"k": {"DataType": "String", "StringValue": "v"}})
        self.assertEqual(list(first.attributes), ["SentTimestamp"])
        first.change_visibility(VisibilityTimeout=0)
        queue.delete_messages(Entries=[{"Id": m.message_id, "ReceiptHandle": m.receipt_handle} for m in got])
        self.assertEqual(queue.receive_messages(), [])

    def test_a_large_message_survives_the_wire(self):
        url = self.queue("large")
        body = "x" * 200_000
        self.sqs.send_message(QueueUrl=url, MessageBody=body)
        self.assertEqual(self.receive(url)[0]["Body"], body)


class CommandLine(WithQueues):
    def test_a_message_from_the_command_line(self):
        url = self.queue("cli-messages")
        sent = self.cli("send-message", queue_url=url, message_body="hello",
                        message_attributes={"k": {"DataType": "String", "StringValue": "v"}})
        self.assertEqual(sent["MD5OfMessageBody"], "5d41402abc4b2a76b9719d911017c592")
        message, = self.cli("receive-message", queue_url=url, attribute_names="All",
                            message_attribute_names="All")["Messages"]
        self.assertEqual((message["Body"], message["MessageAttributes"]["k"]["StringValue"]), ("hello", "v"))
        self.assertIsNone(self.cli("delete-message", queue_url=url, receipt_handle=message["ReceiptHandle"]))
        self.assertIsNone(self.cli("receive-message", queue_url=url))
        self.assertIsNone(self.cli("purge-queue", queue_url=url))


if __name__ == "__main__":
    unittest.main()
