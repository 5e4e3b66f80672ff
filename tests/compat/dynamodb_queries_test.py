"""DynamoDB Query and Scan through boto3 and the AWS command line: order, pages, filters, segments, indexes."""
import unittest
from decimal import Decimal

from boto3.dynamodb.conditions import Attr, Key

from tables import WithTables


class Queries(WithTables):
    def test_a_query_returns_one_partition_in_order_of_its_sort_key(self):
        table = self.table("ordered", sort="N")
        for n in ("10", "-2", "1.5", "0", "-1"):
            table.put_item(Item={"pk": "p", "sk": Decimal(n)})
        table.put_item(Item={"pk": "other", "sk": 1})
        key = Key("pk").eq("p")
        sorts = lambda **q: [str(i["sk"]) for i in table.query(**q)["Items"]]
        self.assertEqual(sorts(KeyConditionExpression=key), ["-2", "-1", "0", "1.5", "10"])
        self.assertEqual(sorts(KeyConditionExpression=key, ScanIndexForward=False), ["10", "1.5", "0", "-1", "-2"])
        self.assertEqual(sorts(KeyConditionExpression=key & Key("sk").gte(0)), ["0", "1.5", "10"])
        self.assertEqual(sorts(KeyConditionExpression=key & Key("sk").between(-1, 1)), ["-1", "0"])

    def test_begins_with_reads_a_stretch_of_text_keys(self):
        table = self.table("texts", sort="S")
        for sk in ("order#1", "order#2", "order", "profile", "orderly"):
            table.put_item(Item={"pk": "u", "sk": sk})
        found = table.query(KeyConditionExpression=Key("pk").eq("u") & Key("sk").begins_with("order#"))["Items"]
        self.assertEqual([i["sk"] for i in found], ["order#1", "order#2"])

    def test_a_filter_counts_what_it_scanned(self):
        table = self.table("filtered", sort="N")
        for n in range(5):
            table.put_item(Item={"pk": "p", "sk": n, "even": n % 2 == 0})
        got = table.query(KeyConditionExpression=Key("pk").eq("p"), FilterExpression=Attr("even").eq(False))
        self.assertEqual((got["Count"], got["ScannedCount"]), (2, 5))
        counted = table.query(KeyConditionExpression=Key("pk").eq("p"), Select="COUNT")
        self.assertNotIn("Items", counted)
        self.assertEqual(counted["Count"], 5)

    def test_a_full_page_has_a_last_key_even_at_the_end(self):
        table = self.table("pages", sort="N")
        for n in range(3):
            table.put_item(Item={"pk": "p", "sk": n})
        page = table.query(KeyConditionExpression=Key("pk").eq("p"), Limit=3)
        self.assertEqual((page["Count"], page["LastEvaluatedKey"]), (3, {"pk": "p", "sk": 2}))
        rest = table.query(KeyConditionExpression=Key("pk").eq("p"), Limit=3, ExclusiveStartKey=page["LastEvaluatedKey"])
        self.assertEqual(rest["Count"], 0)
        self.assertNotIn("LastEvaluatedKey", rest)
        self.assertNotIn("LastEvaluatedKey", table.query(KeyConditionExpression=Key("pk").eq("p"), Limit=4))

    def test_the_query_paginator_sees_each_item_once(self):
        table = self.table("walked", sort="N")
        for n in range(10):
            table.put_item(Item={"pk": "p", "sk": n})
        pages = self.dynamodb.get_paginator("query").paginate(
            TableName="walked", KeyConditionExpression="pk = :p", ExpressionAttributeValues={":p": {"S": "p"}},
            PaginationConfig={"PageSize": 3})
        self.assertEqual([int(i["sk"]["N"]) for page in pages for i in page["Items"]], list(range(10)))


class Scans(WithTables):
    def test_the_scan_paginator_sees_each_item_once(self):
        table = self.table("scanned")
        for n in range(25):
            table.put_item(Item={"pk": str(n)})
        pages = list(self.dynamodb.get_paginator("scan").paginate(TableName="scanned", PaginationConfig={"PageSize": 4}))
        self.assertGreaterEqual(len(pages), 7)
        seen = [i["pk"]["S"] for page in pages for i in page["Items"]]
        self.assertEqual(sorted(seen), sorted(str(n) for n in range(25)))

    def test_segments_share_the_table_between_them(self):
        table = self.table("segments")
        for n in range(40):
            table.put_item(Item={"pk": str(n)})
        parts = [{i["pk"] for i in table.scan(Segment=s, TotalSegments=4)["Items"]} for s in range(4)]
        self.assertEqual(sum(len(p) for p in parts), 40)
        self.assertEqual(len(set().union(*parts)), 40)

    def test_a_page_ends_at_one_megabyte(self):
        table = self.table("large")
        for n in range(5):
            table.put_item(Item={"pk": str(n), "x": "y" * 300_000})
        first = table.scan()
        self.assertIn("LastEvaluatedKey", first)
        self.assertEqual(first["Count"], 4)  # the item that passes 1 MB is the page's last
        self.assertEqual(table.scan(ExclusiveStartKey=first["LastEvaluatedKey"])["Count"], 1)

    def test_a_filter_and_a_projection_apply_to_a_scan(self):
        table = self.table("sieved")
        for n in range(6):
            table.put_item(Item={"pk": str(n), "n": n, "x": 0})
        got = table.scan(FilterExpression=Attr("n").gte(4), ProjectionExpression="n")
        self.assertEqual(sorted(i["n"] for i in got["Items"]), [4, 5])
        self.assertTrue(all(set(i) == {"n"} for i in got["Items"]))


class Indexes(WithTables):
    def indexed(self, name):
        return self.table(
            name, definitions=[{"AttributeName": "mail", "AttributeType": "S"}, {"AttributeName": "age", "AttributeType": "N"}],
            GlobalSecondaryIndexes=[{"IndexName": "by-mail", "Projection": {"ProjectionType": "ALL"}, "KeySchema": [
                {"AttributeName": "mail", "KeyType": "HASH"}, {"AttributeName": "age", "KeyType": "RANGE"}]}])

    def test_an_index_finds_items_by_its_own_key(self):
        table = self.indexed("indexed")
        for pk, mail, age in (("1", "a@x", 30), ("2", "a@x", 20), ("3", "b@x", 40)):
            table.put_item(Item={"pk": pk, "mail": mail, "age": age})
        table.put_item(Item={"pk": "4", "mail": "a@x"})  # lacks a key of the index: not in it
        found = table.query(IndexName="by-mail", KeyConditionExpression=Key("mail").eq("a@x"))["Items"]
        self.assertEqual([i["pk"] for i in found], ["2", "1"])

    def test_an_index_follows_updates_and_deletes(self):
        table = self.indexed("followed")
        table.put_item(Item={"pk": "1", "mail": "a@x", "age": 1})
        by_mail = lambda mail: table.query(IndexName="by-mail", KeyConditionExpression=Key("mail").eq(mail))["Count"]
        table.update_item(Key={"pk": "1"}, UpdateExpression="SET mail = :m", ExpressionAttributeValues={":m": "b@x"})
        self.assertEqual((by_mail("a@x"), by_mail("b@x")), (0, 1))
        table.delete_item(Key={"pk": "1"})
        self.assertEqual(by_mail("b@x"), 0)


class QueriesByCommandLine(WithTables):
    def test_the_command_line_walks_all_pages_by_itself(self):
        table = self.table("typed", sort="N")
        with table.batch_writer() as batch:
            for n in range(12):
                batch.put_item(Item={"pk": "p", "sk": n})
        query = {"table_name": "typed", "key_condition_expression": "pk = :p AND sk > :s",
                 "expression_attribute_values": {":p": {"S": "p"}, ":s": {"N": "1"}}}
        whole = self.cli("query", page_size="3", **query)
        self.assertEqual([int(i["sk"]["N"]) for i in whole["Items"]], list(range(2, 12)))
        some = self.cli("query", max_items="4", no_scan_index_forward=True, **query)
        self.assertEqual([int(i["sk"]["N"]) for i in some["Items"]], [11, 10, 9, 8])
        self.assertIn("NextToken", some)
        self.assertEqual(self.cli("scan", table_name="typed", select="COUNT")["Count"], 12)


if __name__ == "__main__":
    unittest.main()
