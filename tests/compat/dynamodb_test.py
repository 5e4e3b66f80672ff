"""DynamoDB through boto3: the client, the resource with its condition builder, waiters and paginators."""
import unittest
from decimal import Decimal

from boto3.dynamodb.conditions import Attr, Key
from botocore.exceptions import ClientError

from daemon import WithEmu


class WithTables(WithEmu):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dynamodb = cls.emu.client("dynamodb")

    def table(self, name, sort=None, **more):
        """A table with partition key `pk` (S) and perhaps a sort key `sk` of type `sort`; its boto3 resource."""
        keys, types = [{"AttributeName": "pk", "KeyType": "HASH"}], [{"AttributeName": "pk", "AttributeType": "S"}]
        if sort:
            keys.append({"AttributeName": "sk", "KeyType": "RANGE"})
            types.append({"AttributeName": "sk", "AttributeType": sort})
        self.dynamodb.create_table(TableName=name, KeySchema=keys, BillingMode="PAY_PER_REQUEST",
                                   AttributeDefinitions=types + more.pop("definitions", []), **more)
        return self.emu.resource("dynamodb").Table(name)


class Tables(WithTables):
    def test_a_table_is_creating_then_active(self):
        made = self.dynamodb.create_table(
            TableName="life", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}])["TableDescription"]
        self.assertEqual(made["TableStatus"], "CREATING")
        self.assertEqual(made["TableArn"], "arn:aws:dynamodb:us-east-1:000000000000:table/life")
        self.dynamodb.get_waiter("table_exists").wait(TableName="life", WaiterConfig={"Delay": 1, "MaxAttempts": 5})
        described = self.dynamodb.describe_table(TableName="life")["Table"]
        self.assertEqual((described["TableStatus"], described["ItemCount"]), ("ACTIVE", 0))
        self.assertEqual(described["BillingModeSummary"]["BillingMode"], "PAY_PER_REQUEST")

    def test_a_deleted_table_is_gone(self):
        self.table("doomed").put_item(Item={"pk": "a"})
        deleted = self.dynamodb.delete_table(TableName="doomed")["TableDescription"]
        self.assertEqual(deleted["TableStatus"], "DELETING")
        self.dynamodb.get_waiter("table_not_exists").wait(TableName="doomed", WaiterConfig={"Delay": 1, "MaxAttempts": 5})
        message = self.refused("ResourceNotFoundException", self.dynamodb.describe_table, TableName="doomed")
        self.assertEqual(message, "Requested resource not found: Table: doomed not found")

    def test_a_table_made_again_is_empty(self):
        self.table("again").put_item(Item={"pk": "a"})
        self.dynamodb.delete_table(TableName="again")
        self.assertEqual(self.table("again").scan()["Count"], 0)

    def test_a_name_is_taken_once(self):
        self.table("once")
        with self.assertRaises(self.dynamodb.exceptions.ResourceInUseException) as caught:
            self.table("once")
        self.assertEqual(caught.exception.response["Error"]["Message"], "Table already exists: once")

    def test_bad_tables_are_refused_in_awss_words(self):
        client = self.emu.client("dynamodb", validate=False)
        refused = lambda **table: self.refused("ValidationException", client.create_table, **table)
        key = [{"AttributeName": "a", "KeyType": "HASH"}]
        self.assertIn("Value 'ab' at 'tableName' failed to satisfy constraint: Member must have length greater than or equal to 3",
                      refused(TableName="ab", KeySchema=key, BillingMode="PAY_PER_REQUEST",
                              AttributeDefinitions=[{"AttributeName": "a", "AttributeType": "S"}]))
        self.assertEqual(
            "One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. "
            "Keys: [a], AttributeDefinitions: [b]",
            refused(TableName="undefined", KeySchema=key, BillingMode="PAY_PER_REQUEST",
                    AttributeDefinitions=[{"AttributeName": "b", "AttributeType": "S"}]))

    def test_tables_are_listed_page_by_page(self):
        names = {f"listed-{i}" for i in range(5)}
        for name in names:
            self.table(name)
        pages = list(self.dynamodb.get_paginator("list_tables").paginate(PaginationConfig={"PageSize": 2}))
        self.assertTrue(all(len(page["TableNames"]) <= 2 for page in pages))
        self.assertLessEqual(names, {name for page in pages for name in page["TableNames"]})


class Items(WithTables):
    def test_every_type_comes_back_as_it_went(self):
        table = self.table("types")
        item = {"pk": "all", "s": "äöü ✓", "n": Decimal("-1.5E+10"), "big": Decimal("12345678901234567890123456789012345678"),
                "b": b"\x00\xff", "t": True, "f": False, "nothing": None, "l": [1, "two", [3]], "m": {"deep": {"er": {"est": 1}}},
                "ss": {"a", "b"}, "ns": {Decimal(1), Decimal("2.5")}, "bs": {b"x", b"y"}, "empty": "", "no": [], "none": {}}
        table.put_item(Item=item)
        self.assertEqual(table.get_item(Key={"pk": "all"})["Item"], item)

    def test_an_item_that_is_not_there_is_no_item(self):
        self.assertNotIn("Item", self.table("absent").get_item(Key={"pk": "a"}))

    def test_put_replaces_the_whole_item_and_returns_the_old_one(self):
        table = self.table("replaced")
        table.put_item(Item={"pk": "a", "x": 1})
        old = table.put_item(Item={"pk": "a", "y": 2}, ReturnValues="ALL_OLD")["Attributes"]
        self.assertEqual(old, {"pk": "a", "x": 1})
        self.assertEqual(table.get_item(Key={"pk": "a"}, ConsistentRead=True)["Item"], {"pk": "a", "y": 2})

    def test_a_projection_returns_what_it_names(self):
        table = self.table("projected")
        table.put_item(Item={"pk": "a", "l": [{"x": 1}, {"x": 2}], "m": {"k": "v", "other": 0}, "size": 3})
        got = table.get_item(Key={"pk": "a"}, ProjectionExpression="l[1].x, m.k, #s", ExpressionAttributeNames={"#s": "size"})
        self.assertEqual(got["Item"], {"l": [{"x": 2}], "m": {"k": "v"}, "size": 3})

    def test_an_update_makes_and_changes_an_item(self):
        table = self.table("updated")
        made = table.update_item(
            Key={"pk": "a"}, UpdateExpression="ADD n :one SET l = list_append(if_not_exists(l, :none), :x)",
            ExpressionAttributeValues={":one": 1, ":none": [], ":x": ["first"]}, ReturnValues="ALL_NEW")["Attributes"]
        self.assertEqual(made, {"pk": "a", "n": 1, "l": ["first"]})
        changed = table.update_item(
            Key={"pk": "a"}, UpdateExpression="SET n = n + :two, s = :s REMOVE l[0] ADD tags :t",
            ExpressionAttributeValues={":two": 2, ":s": "x", ":t": {"red"}}, ReturnValues="UPDATED_NEW")["Attributes"]
        self.assertEqual((changed["n"], changed["s"], changed["tags"]), (3, "x", {"red"}))
        self.assertEqual(table.get_item(Key={"pk": "a"})["Item"]["l"], [])

    def test_deleting_returns_the_old_item_once(self):
        table = self.table("deleted")
        table.put_item(Item={"pk": "a", "x": 1})
        self.assertEqual(table.delete_item(Key={"pk": "a"}, ReturnValues="ALL_OLD")["Attributes"], {"pk": "a", "x": 1})
        self.assertNotIn("Attributes", table.delete_item(Key={"pk": "a"}, ReturnValues="ALL_OLD"))

    def test_consumed_capacity_is_counted_as_aws_counts(self):
        table = self.table("capacity")
        put = table.put_item(Item={"pk": "a", "x": "y" * 2000}, ReturnConsumedCapacity="TOTAL")
        self.assertEqual(put["ConsumedCapacity"], {"TableName": "capacity", "CapacityUnits": 2.0})
        read = table.get_item(Key={"pk": "a"}, ReturnConsumedCapacity="TOTAL")
        self.assertEqual(read["ConsumedCapacity"]["CapacityUnits"], 0.5)
        read = table.get_item(Key={"pk": "a"}, ConsistentRead=True, ReturnConsumedCapacity="TOTAL")
        self.assertEqual(read["ConsumedCapacity"]["CapacityUnits"], 1.0)


class Conditions(WithTables):
    def test_a_condition_guards_a_write(self):
        table = self.table("guarded")
        table.put_item(Item={"pk": "a", "v": 1}, ConditionExpression="attribute_not_exists(pk)")
        with self.assertRaises(ClientError) as caught:
            table.put_item(Item={"pk": "a", "v": 2}, ConditionExpression=Attr("pk").not_exists())
        self.assertEqual(caught.exception.response["Error"]["Code"], "ConditionalCheckFailedException")
        self.assertEqual(caught.exception.response["Error"]["Message"], "The conditional request failed")
        self.assertEqual(table.get_item(Key={"pk": "a"})["Item"]["v"], 1)

    def test_the_condition_builders_forms_all_work(self):
        table = self.table("forms")
        table.put_item(Item={"pk": "a", "n": 5, "s": "hello", "l": [1, 2], "m": {"k": "v"}})
        true = [Attr("n").eq(5), Attr("n").between(1, 5), Attr("n").is_in([4, 5]), Attr("s").begins_with("he"),
                Attr("s").contains("ell"), Attr("l").size().eq(2), Attr("m.k").eq("v"), Attr("l[0]").lt(2),
                Attr("s").attribute_type("S"), ~Attr("x").exists(), Attr("n").gt(4) & (Attr("s").ne("x") | Attr("x").eq(1))]
        for condition in true:
            table.update_item(Key={"pk": "a"}, UpdateExpression="SET seen = :y", ConditionExpression=condition,
                              ExpressionAttributeValues={":y": 1})
            with self.assertRaises(ClientError):
                table.delete_item(Key={"pk": "a"}, ConditionExpression=~condition)

    def test_a_failed_condition_on_an_absent_item_makes_nothing(self):
        table = self.table("nothing")
        self.refused("ConditionalCheckFailedException", table.update_item, Key={"pk": "a"}, UpdateExpression="SET x = :x",
                     ConditionExpression="attribute_exists(pk)", ExpressionAttributeValues={":x": 1})
        self.assertEqual(table.scan()["Count"], 0)


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


class Errors(WithTables):
    def test_an_absent_table_is_not_found(self):
        message = self.refused("ResourceNotFoundException", self.dynamodb.get_item, TableName="nowhere", Key={"pk": {"S": "a"}})
        self.assertEqual(message, "Requested resource not found")

    def test_wrong_keys_are_refused_in_awss_words(self):
        self.table("keys")
        put = lambda item: self.refused("ValidationException", self.dynamodb.put_item, TableName="keys", Item=item)
        self.assertEqual(put({"x": {"S": "1"}}), "One or more parameter values were invalid: Missing the key pk in the item")
        self.assertEqual(put({"pk": {"N": "1"}}),
                         "One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N")
        get = self.refused("ValidationException", self.dynamodb.get_item, TableName="keys", Key={"pk": {"S": "a"}, "x": {"S": "b"}})
        self.assertEqual(get, "The provided key element does not match the schema")

    def test_expressions_are_refused_in_awss_words(self):
        table = self.table("words")
        update = lambda expression, **more: self.refused(
            "ValidationException", table.update_item, Key={"pk": "a"}, UpdateExpression=expression, **more)
        self.assertEqual(update("SET views = :v", ExpressionAttributeValues={":v": 1}),
                         "1 validation error detected: Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: views")
        self.assertEqual(update("SET a = :v", ExpressionAttributeValues={":v": 1, ":w": 2}),
                         "1 validation error detected: Value provided in ExpressionAttributeValues unused in expressions: keys: {:w}")
        self.assertIn('Syntax error; token: "=", near: "= = b"', self.refused(
            "ValidationException", table.put_item, Item={"pk": "a"}, ConditionExpression="a = = b"))

    def test_a_number_that_is_too_large_is_refused(self):
        self.table("overflow")
        message = self.refused("ValidationException", self.dynamodb.put_item, TableName="overflow",
                               Item={"pk": {"S": "a"}, "n": {"N": "1e126"}})
        self.assertIn("Number overflow. Attempting to store a number with magnitude larger than supported range", message)

    def test_an_item_that_is_too_large_is_refused_and_one_that_just_fits_is_stored(self):
        table = self.table("size")
        table.put_item(Item={"pk": "a", "x": "y" * (409_600 - 4)})
        message = self.refused("ValidationException", table.put_item, Item={"pk": "a", "x": "y" * (409_600 - 3)})
        self.assertEqual(message, "Item size has exceeded the maximum allowed size")

    def test_an_unknown_operation_and_broken_json_are_answered_as_aws_does(self):
        headers = {"x-amz-target": "DynamoDB_20120810.Nope", "content-type": "application/x-amz-json-1.0"}
        reply = self.emu.request("POST", "/", "{}", headers)
        self.assertEqual((reply.status, reply.json()["__type"]), (400, "com.amazon.coral.service#UnknownOperationException"))
        headers["x-amz-target"] = "DynamoDB_20120810.ListTables"
        reply = self.emu.request("POST", "/", "{", headers)
        self.assertEqual((reply.status, reply.json()["__type"]), (400, "com.amazon.coral.service#SerializationException"))


if __name__ == "__main__":
    unittest.main()
