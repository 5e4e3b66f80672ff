"""DynamoDB items through boto3 and the AWS command line: put, get, update and delete, and how they are refused."""
import unittest
from decimal import Decimal

from tables import WithTables


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
    def test_return_values_show_what_they_name(self):
        table = self.table("returned")
        table.put_item(Item={"pk": "a", "m": {"x": 1, "y": 2}, "n": 1})
        update = lambda mode: table.update_item(Key={"pk": "a"}, UpdateExpression="SET m.x = m.x + :one", ReturnValues=mode,
                                                ExpressionAttributeValues={":one": 1}).get("Attributes")
        self.assertIsNone(update("NONE"))
        self.assertEqual(update("UPDATED_OLD"), {"m": {"x": 2}})
        self.assertEqual(update("UPDATED_NEW"), {"m": {"x": 4}})
        self.assertEqual(update("ALL_OLD"), {"pk": "a", "m": {"x": 4, "y": 2}, "n": 1})
        self.assertEqual(update("ALL_NEW"), {"pk": "a", "m": {"x": 6, "y": 2}, "n": 1})

    def test_lists_and_sets_change_in_place(self):
        table = self.table("places")
        table.put_item(Item={"pk": "a", "l": [0, 1, 2, 3], "s": {"x", "y"}})
        table.update_item(Key={"pk": "a"}, UpdateExpression="REMOVE l[0], l[2] ADD s :add",
                          ExpressionAttributeValues={":add": {"z"}})
        table.update_item(Key={"pk": "a"}, UpdateExpression="SET l[9] = :nine, l[7] = :seven DELETE s :less",
                          ExpressionAttributeValues={":nine": 9, ":seven": 7, ":less": {"x", "y"}})
        self.assertEqual(table.get_item(Key={"pk": "a"})["Item"], {"pk": "a", "l": [1, 3, 7, 9], "s": {"z"}})
        table.update_item(Key={"pk": "a"}, UpdateExpression="DELETE s :z", ExpressionAttributeValues={":z": {"z"}})
        self.assertNotIn("s", table.get_item(Key={"pk": "a"})["Item"])

    def test_the_legacy_parameters_still_work(self):
        self.table("old")
        key = {"pk": {"S": "a"}}
        update = lambda **more: self.dynamodb.update_item(TableName="old", Key=key, **more)
        update(AttributeUpdates={"n": {"Action": "ADD", "Value": {"N": "2"}}, "s": {"Value": {"S": "x"}}},
               Expected={"n": {"Exists": False}})
        self.refused("ConditionalCheckFailedException", update, Expected={"n": {"Value": {"N": "3"}}},
                     AttributeUpdates={"s": {"Action": "DELETE"}})
        got = self.dynamodb.get_item(TableName="old", Key=key, AttributesToGet=["n", "s", "gone"])["Item"]
        self.assertEqual(got, {"n": {"N": "2"}, "s": {"S": "x"}})
        self.assertEqual(self.dynamodb.query(TableName="old", KeyConditions={"pk": {
            "ComparisonOperator": "EQ", "AttributeValueList": [{"S": "a"}]}})["Count"], 1)


class ItemsByCommandLine(WithTables):
    def test_an_item_is_written_changed_read_and_deleted_by_command_line(self):
        self.table("typed")
        key = {"pk": {"S": "a"}}
        self.assertIsNone(self.cli("put-item", table_name="typed", item={**key, "n": {"N": "1.50"}, "b": {"B": "AAE="}}))
        changed = self.cli("update-item", table_name="typed", key=key, update_expression="ADD n :one", return_values="ALL_NEW",
                           expression_attribute_values={":one": {"N": "1"}})
        self.assertEqual(changed["Attributes"]["n"], {"N": "2.5"})
        self.assertEqual(self.cli("get-item", table_name="typed", key=key, consistent_read=True)["Item"]["b"], {"B": "AAE="})
        self.assertEqual(self.cli("delete-item", table_name="typed", key=key, return_values="ALL_OLD")["Attributes"]["pk"], key["pk"])
        self.assertIsNone(self.cli("get-item", table_name="typed", key=key))


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
