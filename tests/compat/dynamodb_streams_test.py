"""DynamoDB Streams through boto3 and the AWS command line: what changes leave, how it is read, how it ends."""
import threading
import unittest

from tables import WithTables, flags

VIEWS = ("KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES")


class WithStreams(WithTables):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.streams = cls.emu.client("dynamodbstreams")

    def streamed(self, name, view="NEW_AND_OLD_IMAGES"):
        """A table with a stream, and the stream's ARN."""
        table = self.table(name, StreamSpecification={"StreamEnabled": True, "StreamViewType": view})
        return table, table.latest_stream_arn

    def shard(self, arn):
        shards = self.streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
        self.assertEqual(len(shards), 1)
        return shards[0]

    def iterator(self, arn, kind="TRIM_HORIZON", **more):
        return self.streams.get_shard_iterator(StreamArn=arn, ShardId=self.shard(arn)["ShardId"], ShardIteratorType=kind,
                                               **more)["ShardIterator"]

    def records(self, arn, **more):
        return self.streams.get_records(ShardIterator=self.iterator(arn, **more))["Records"]


class Records(WithStreams):
    def test_a_change_is_recorded_with_what_the_view_shows(self):
        for view in VIEWS:
            table, arn = self.streamed(f"view-{view}", view)
            table.put_item(Item={"pk": "a", "v": 1})
            table.put_item(Item={"pk": "a", "v": 1})
            table.put_item(Item={"pk": "a", "v": 2})
            table.delete_item(Key={"pk": "a"})
            records = self.records(arn)
            self.assertEqual([r["eventName"] for r in records], ["INSERT", "MODIFY", "REMOVE"], view)
            for record in records:
                change, event = record["dynamodb"], record["eventName"]
                self.assertEqual(change["Keys"], {"pk": {"S": "a"}})
                self.assertEqual(change["StreamViewType"], view)
                self.assertEqual("OldImage" in change, view in ("OLD_IMAGE", "NEW_AND_OLD_IMAGES") and event != "INSERT")
                self.assertEqual("NewImage" in change, view in ("NEW_IMAGE", "NEW_AND_OLD_IMAGES") and event != "REMOVE")
                self.assertEqual((record["eventSource"], record["eventVersion"]), ("aws:dynamodb", "1.1"))
                self.assertGreater(change["SizeBytes"], 0)

    def test_a_consumer_sees_every_items_changes_once_and_in_order(self):
        """Eight writers count five items up; one consumer follows the stream meanwhile."""
        table, arn = self.streamed("counted")
        writers, rounds, items = 8, 40, 5
        client = self.emu.client("dynamodb", connections=writers)

        def write(writer):
            for i in range(rounds):
                client.update_item(TableName=table.name, Key={"pk": {"S": f"item-{(writer + i) % items}"}},
                                   UpdateExpression="ADD n :one", ExpressionAttributeValues={":one": {"N": "1"}})

        threads = [threading.Thread(target=write, args=(writer,)) for writer in range(writers)]
        for thread in threads:
            thread.start()
        seen, at, numbers = {}, self.iterator(arn), []
        while True:
            done = not any(thread.is_alive() for thread in threads)
            page = self.streams.get_records(ShardIterator=at, Limit=50)
            for record in page["Records"]:
                key = record["dynamodb"]["Keys"]["pk"]["S"]
                seen[key] = seen.get(key, 0) + 1
                self.assertEqual(int(record["dynamodb"]["NewImage"]["n"]["N"]), seen[key])
                numbers.append(int(record["dynamodb"]["SequenceNumber"]))
            at = page["NextShardIterator"]
            if done and not page["Records"]:
                break
        self.assertEqual(sum(seen.values()), writers * rounds)
        self.assertEqual(numbers, sorted(set(numbers)))


class Reading(WithStreams):
    def test_an_iterator_begins_where_it_is_told_to(self):
        table, arn = self.streamed("positions")
        for name in "abc":
            table.put_item(Item={"pk": name})
        keys = lambda records: [r["dynamodb"]["Keys"]["pk"]["S"] for r in records]
        number = self.records(arn)[1]["dynamodb"]["SequenceNumber"]
        self.assertEqual(keys(self.records(arn)), ["a", "b", "c"])
        self.assertEqual(keys(self.records(arn, kind="LATEST")), [])
        self.assertEqual(keys(self.records(arn, kind="AT_SEQUENCE_NUMBER", SequenceNumber=number)), ["b", "c"])
        self.assertEqual(keys(self.records(arn, kind="AFTER_SEQUENCE_NUMBER", SequenceNumber=number)), ["c"])

    def test_a_disabled_stream_ends_and_a_new_one_begins(self):
        table, arn = self.streamed("ending")
        table.put_item(Item={"pk": "a"})
        self.dynamodb.update_table(TableName="ending", StreamSpecification={"StreamEnabled": False})
        described = self.dynamodb.describe_table(TableName="ending")["Table"]
        self.assertNotIn("StreamSpecification", described)
        self.assertEqual(described["LatestStreamArn"], arn)
        self.assertIn("EndingSequenceNumber", self.shard(arn)["SequenceNumberRange"])
        page = self.streams.get_records(ShardIterator=self.iterator(arn))
        self.assertEqual(len(page["Records"]), 1)
        self.assertNotIn("NextShardIterator", page)
        again = self.dynamodb.update_table(
            TableName="ending", StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"})
        self.assertNotEqual(again["TableDescription"]["LatestStreamArn"], arn)
        self.assertEqual(len(self.streams.list_streams(TableName="ending")["Streams"]), 2)

    def test_the_stream_of_a_deleted_table_is_readable(self):
        table, arn = self.streamed("doomed")
        table.put_item(Item={"pk": "a"})
        table.delete()
        self.assertEqual(self.streams.describe_stream(StreamArn=arn)["StreamDescription"]["StreamStatus"], "DISABLED")
        self.assertEqual(len(self.records(arn)), 1)

    def test_errors_are_those_of_the_service(self):
        _, arn = self.streamed("refusing")
        absent = arn.replace("refusing", "no-table")
        message = self.refused("ResourceNotFoundException", self.streams.describe_stream, StreamArn=absent)
        self.assertEqual(message, f"Requested resource not found: Stream: {absent} not found")
        with self.assertRaises(self.streams.exceptions.ResourceNotFoundException):
            self.streams.get_shard_iterator(StreamArn=arn, ShardId="shardId-00000000000000000000-00000000",
                                            ShardIteratorType="LATEST")
        self.refused("ValidationException", self.streams.get_records, ShardIterator="nonsense")
        self.refused("ValidationException", self.streams.describe_stream, StreamArn="x" * 40)
        self.assertEqual(self.refused("ValidationException", self.dynamodb.update_table, TableName="refusing",
                                      StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}),
                         "Table already has an enabled stream: TableName: refusing")

    def test_a_shard_filter_that_older_models_do_not_know_is_understood(self):
        _, arn = self.streamed("filtered")
        reply = self.emu.request("POST", "/", f'{{"StreamArn":"{arn}","ShardFilter":{{"Type":"CHILD_SHARDS"}}}}',
                                 {"X-Amz-Target": "DynamoDBStreams_20120810.DescribeStream",
                                  "Content-Type": "application/x-amz-json-1.0"})
        self.assertEqual(reply.status, 400)
        self.assertIn("shardFilter.shardId", reply.json()["message"])
        self.assertIn("x-amz-crc32", reply.headers)


class CommandLine(WithStreams):
    def streams_cli(self, command, **options):
        return self.emu.aws("dynamodbstreams", command, *flags(options))

    def test_a_stream_is_read_from_the_command_line(self):
        table, arn = self.streamed("shell")
        table.put_item(Item={"pk": "a"})
        self.assertEqual(self.streams_cli("list-streams", table_name="shell")["Streams"][0]["StreamArn"], arn)
        description = self.streams_cli("describe-stream", stream_arn=arn)["StreamDescription"]
        iterator = self.streams_cli("get-shard-iterator", stream_arn=arn, shard_id=description["Shards"][0]["ShardId"],
                                    shard_iterator_type="TRIM_HORIZON")["ShardIterator"]
        records = self.streams_cli("get-records", shard_iterator=iterator)["Records"]
        self.assertEqual([r["eventName"] for r in records], ["INSERT"])


if __name__ == "__main__":
    unittest.main()
