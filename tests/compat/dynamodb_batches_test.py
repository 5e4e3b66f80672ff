"""DynamoDB batches through boto3 and the AWS command line: batch_get_item, batch_write_item, batch_writer."""
import unittest

from tables import WithTables


class Batches(WithTables):
    def test_the_batch_writer_writes_more_than_one_request_holds(self):
        table = self.table("written")
        with table.batch_writer() as batch:
            for n in range(60):
                batch.put_item(Item={"pk": str(n), "n": n})
        self.assertEqual(table.scan(Select="COUNT")["Count"], 60)
        with table.batch_writer() as batch:
            for n in range(0, 60, 2):
                batch.delete_item(Key={"pk": str(n)})
        self.assertEqual(sorted(i["n"] for i in table.scan()["Items"]), list(range(1, 60, 2)))

    def test_the_batch_writer_lets_the_last_of_two_writes_of_one_key_win(self):
        table = self.table("last")
        with table.batch_writer(overwrite_by_pkeys=["pk"]) as batch:
            for n in range(5):
                batch.put_item(Item={"pk": "a", "n": n})
        self.assertEqual(table.get_item(Key={"pk": "a"})["Item"]["n"], 4)
        with self.assertRaisesRegex(Exception, "Provided list of item keys contains duplicates"):
            with table.batch_writer() as batch:
                for n in range(2):
                    batch.put_item(Item={"pk": "a", "n": n})

    def test_a_batch_reads_from_several_tables_what_is_there(self):
        dynamodb = self.emu.resource("dynamodb")
        for name in ("one", "two-of-them"):
            table = self.table(name)
            for n in range(3):
                table.put_item(Item={"pk": str(n), "name": name, "size": n})
        got = dynamodb.batch_get_item(RequestItems={
            "one": {"Keys": [{"pk": "0"}, {"pk": "2"}, {"pk": "9"}], "ConsistentRead": True},
            "two-of-them": {"Keys": [{"pk": "1"}], "ProjectionExpression": "#s", "ExpressionAttributeNames": {"#s": "size"}}})
        self.assertEqual(sorted(i["pk"] for i in got["Responses"]["one"]), ["0", "2"])
        self.assertEqual(got["Responses"]["two-of-them"], [{"size": 1}])
        self.assertEqual(got["UnprocessedKeys"], {})

    def test_what_does_not_fit_a_reply_is_read_by_asking_again(self):
        table = self.table("large")
        for n in range(45):
            table.put_item(Item={"pk": str(n), "x": "y" * 390_000})
        wanted, calls, seen = {"large": {"Keys": [{"pk": {"S": str(n)}} for n in range(45)]}}, 0, set()
        while wanted:
            reply = self.dynamodb.batch_get_item(RequestItems=wanted)
            seen |= {i["pk"]["S"] for i in reply["Responses"].get("large", [])}
            wanted, calls = reply["UnprocessedKeys"], calls + 1
        self.assertEqual((calls, len(seen)), (2, 45))

    def test_batches_have_limits(self):
        self.table("limited")
        key = lambda n: {"pk": {"S": str(n)}}
        client = self.emu.client("dynamodb", validate=False)
        self.assertIn("Member must have length less than or equal to 100", self.refused(
            "ValidationException", client.batch_get_item, RequestItems={"limited": {"Keys": [key(n) for n in range(101)]}}))
        self.assertIn("Member must have length less than or equal to 25", self.refused(
            "ValidationException", client.batch_write_item,
            RequestItems={"limited": [{"DeleteRequest": {"Key": key(n)}} for n in range(26)]}))


class BatchesByCommandLine(WithTables):
    def test_a_batch_is_written_and_read_by_command_line(self):
        self.table("typed")
        put = lambda pk: {"PutRequest": {"Item": {"pk": {"S": pk}}}}
        written = self.cli("batch-write-item", request_items={"typed": [put("a"), put("b")]}, return_consumed_capacity="TOTAL")
        self.assertEqual(written, {"UnprocessedItems": {}, "ConsumedCapacity": [{"TableName": "typed", "CapacityUnits": 2.0}]})
        read = self.cli("batch-get-item", request_items={"typed": {"Keys": [{"pk": {"S": "a"}}, {"pk": {"S": "c"}}]}})
        self.assertEqual(read["Responses"], {"typed": [{"pk": {"S": "a"}}]})


if __name__ == "__main__":
    unittest.main()
