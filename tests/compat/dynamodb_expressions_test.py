"""DynamoDB conditions through boto3: what its condition builder writes, and what a failed condition says."""
import unittest

from boto3.dynamodb.conditions import Attr
from botocore.exceptions import ClientError

from tables import WithTables


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
    def test_optimistic_locking_counts_every_writer_once(self):
        table = self.table("versions")
        table.put_item(Item={"pk": "a", "version": 0})
        for version in range(5):
            write = lambda: table.update_item(Key={"pk": "a"}, UpdateExpression="SET #v = #v + :one", ConditionExpression="#v = :v",
                                              ExpressionAttributeNames={"#v": "version"},
                                              ExpressionAttributeValues={":one": 1, ":v": version})
            write()
            self.refused("ConditionalCheckFailedException", write)
        self.assertEqual(table.get_item(Key={"pk": "a"})["Item"]["version"], 5)

    def test_names_that_need_it_are_escaped(self):
        table = self.table("escaped")
        names = {"#0": "year", "#_a": "a.b", "#c": "ü b-c"}
        table.update_item(Key={"pk": "a"}, UpdateExpression="SET #0 = :v, #_a = :v, #c = :v", ExpressionAttributeNames=names,
                          ExpressionAttributeValues={":v": 1})
        got = table.get_item(Key={"pk": "a"}, ProjectionExpression="#0, #_a, #c", ExpressionAttributeNames=names)["Item"]
        self.assertEqual(got, {name: 1 for name in names.values()})


class ExpressionsByCommandLine(WithTables):
    def test_a_condition_guards_a_write_by_command_line(self):
        self.table("typed")
        put = lambda: self.cli("put-item", table_name="typed", item={"pk": {"S": "a"}}, condition_expression="attribute_not_exists(pk)")
        put()
        with self.assertRaisesRegex(AssertionError, r"An error occurred \(ConditionalCheckFailedException\) when calling the "
                                                    r"PutItem operation: The conditional request failed"):
            put()


if __name__ == "__main__":
    unittest.main()
