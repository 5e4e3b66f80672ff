"""Queues in a project's `resources:`: deployed, shown, changed and found again by functions through Ref and GetAtt."""
import json
import unittest

from cli_test import InAFolder, emu
from daemon import Daemon, until

SERVICE = """service: queued
provider:
  name: aws
  runtime: python3.11
functions:
  tell:
    handler: app.handler
    environment:
      QUEUE_URL: !Ref Orders
      QUEUE_ARN: !GetAtt Orders.Arn
      QUEUE_NAME: !GetAtt Orders.QueueName
resources:
  Resources:
    Orders:
      Type: AWS::SQS::Queue
      Properties:
        QueueName: orders-${sls:stage}
        VisibilityTimeout: %(timeout)s
        RedrivePolicy:
          deadLetterTargetArn: !GetAtt Dead.Arn
          maxReceiveCount: 3
        Tags:
          - {Key: team, Value: shop}
    Dead:
      Type: AWS::SQS::Queue
      Properties: {MessageRetentionPeriod: 1209600}
    Ordered:
      Type: AWS::SQS::Queue
      Properties: {FifoQueue: true, ContentBasedDeduplication: true}
    OrdersPolicy:
      Type: AWS::SQS::QueuePolicy
      Properties:
        Queues: [!Ref Orders]
        PolicyDocument:
          Version: '2012-10-17'
          Statement:
            - {Effect: Allow, Principal: {Service: sns.amazonaws.com}, Action: 'sqs:SendMessage', Resource: !GetAtt Orders.Arn}
"""
APP = """import os
def handler(event, context):
    return {name: os.environ[name] for name in ("QUEUE_URL", "QUEUE_ARN", "QUEUE_NAME")}
"""


class Deployed(InAFolder):
    def setUp(self):
        super().setUp()
        self.directory = self.project("queued", text=SERVICE % {"timeout": 60}, app=APP)
        self.emu = Daemon(self.directory, data=self.folder / "data")
        self.addCleanup(self.emu.close)
        self.emu.start()
        until("the stack is deployed", lambda: self.emu.status()["stack"])

    def attributes(self, name):
        sqs = self.emu.client("sqs")
        url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
        return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]

    def test_a_projects_queues_from_first_to_last(self):
        host = f"http://localhost:{self.emu.port}/000000000000"
        told = self.emu.client("lambda").invoke(FunctionName="queued-dev-tell")["Payload"].read()
        self.assertEqual(json.loads(told), {"QUEUE_URL": f"{host}/orders-dev", "QUEUE_NAME": "orders-dev",
                                            "QUEUE_ARN": "arn:aws:sqs:us-east-1:000000000000:orders-dev"})
        urls = self.emu.status()["queues"]
        self.assertEqual(len(urls), 3)
        self.assertIn(f"{host}/orders-dev", urls)
        self.assertEqual(len([url for url in urls if url.endswith(".fifo")]), 1)
        shown = emu("status", "--port", self.emu.port).stdout
        self.assertIn(f"  queue     {host}/orders-dev\n", shown)
        orders = self.attributes("orders-dev")
        self.assertEqual(orders["VisibilityTimeout"], "60")
        self.assertEqual(json.loads(orders["Policy"])["Statement"][0]["Principal"], {"Service": "sns.amazonaws.com"})
        self.assertIn("queued-dev-Dead-", json.loads(orders["RedrivePolicy"])["deadLetterTargetArn"])

        self.assertEqual(self.emu.stop(), 0)
        (self.directory / "serverless.yml").write_text(SERVICE % {"timeout": 90})
        self.emu.start()
        until("the change is deployed", lambda: self.attributes("orders-dev")["VisibilityTimeout"] == "90")
        self.assertEqual(sorted(self.emu.status()["queues"]), sorted(urls))


if __name__ == "__main__":
    unittest.main()
