"""DynamoDB tables through boto3 and the AWS command line: their lives, waiters, indexes, settings, tags."""
import unittest

from boto3.dynamodb.conditions import Key

from tables import WithTables


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
    def test_an_index_is_added_to_a_table_with_items_and_taken_away(self):
        table = self.table("grows")
        for n in range(5):
            table.put_item(Item={"pk": str(n), "group": "even" if n % 2 == 0 else "odd"})
        table.update(AttributeDefinitions=[{"AttributeName": "group", "AttributeType": "S"}], GlobalSecondaryIndexUpdates=[
            {"Create": {"IndexName": "by-group", "Projection": {"ProjectionType": "KEYS_ONLY"},
                        "KeySchema": [{"AttributeName": "group", "KeyType": "HASH"}]}}])
        table.wait_until_exists()
        table.reload()
        self.assertEqual([(i["IndexName"], i["IndexStatus"]) for i in table.global_secondary_indexes], [("by-group", "ACTIVE")])
        self.assertEqual(table.query(IndexName="by-group", KeyConditionExpression=Key("group").eq("even"))["Count"], 3)
        table.update(GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": "by-group"}}])
        table.reload()
        self.assertIsNone(table.global_secondary_indexes)

    def test_throughput_class_and_billing_are_changed_one_by_one(self):
        table = self.table("changed")
        throughput = {"ReadCapacityUnits": 7, "WriteCapacityUnits": 8}
        self.dynamodb.update_table(TableName="changed", BillingMode="PROVISIONED", ProvisionedThroughput=throughput)
        self.dynamodb.update_table(TableName="changed", TableClass="STANDARD_INFREQUENT_ACCESS")
        table.reload()
        self.assertEqual({k: table.provisioned_throughput[k] for k in throughput}, throughput)
        self.assertEqual(table.table_class_summary["TableClass"], "STANDARD_INFREQUENT_ACCESS")
        self.assertIn("The provisioned throughput for the table will not change.", self.refused(
            "ValidationException", table.update, ProvisionedThroughput=throughput))

    def test_tags_come_and_go(self):
        arn = self.table("tagged", Tags=[{"Key": "a", "Value": "1"}]).table_arn
        self.dynamodb.tag_resource(ResourceArn=arn, Tags=[{"Key": "b", "Value": "2"}, {"Key": "a", "Value": "3"}])
        tags = lambda: {t["Key"]: t["Value"] for page in self.dynamodb.get_paginator("list_tags_of_resource").paginate(
            ResourceArn=arn) for t in page["Tags"]}
        self.assertEqual(tags(), {"a": "3", "b": "2"})
        self.dynamodb.untag_resource(ResourceArn=arn, TagKeys=["a"])
        self.assertEqual(tags(), {"b": "2"})

    def test_the_resource_lists_tables_and_knows_their_keys(self):
        self.table("known", sort="N")
        self.assertIn("known", [t.name for t in self.emu.resource("dynamodb").tables.all()])
        table = self.emu.resource("dynamodb").Table("known")
        table.load()
        self.assertEqual([k["AttributeName"] for k in table.key_schema], ["pk", "sk"])
        self.assertEqual(table.item_count, 0)

    def test_a_table_is_named_by_its_arn_too(self):
        arn = self.table("by-arn").table_arn
        self.dynamodb.put_item(TableName=arn, Item={"pk": {"S": "a"}})
        self.assertEqual(self.dynamodb.scan(TableName=arn)["Count"], 1)
        self.assertEqual(self.dynamodb.describe_table(TableName=arn)["Table"]["TableName"], "by-arn")


class TablesByCommandLine(WithTables):
    def test_a_table_lives_and_dies_by_command_line(self):
        made = self.cli("create-table", table_name="typed", billing_mode="PAY_PER_REQUEST",
                        attribute_definitions="AttributeName=pk,AttributeType=S", key_schema="AttributeName=pk,KeyType=HASH")
        self.assertEqual(made["TableDescription"]["TableStatus"], "CREATING")
        self.emu.aws("dynamodb", "wait", "table-exists", "--table-name", "typed")
        self.assertIn("typed", self.cli("list-tables")["TableNames"])
        self.assertEqual(self.cli("describe-table", table_name="typed")["Table"]["TableStatus"], "ACTIVE")
        self.assertEqual(self.cli("delete-table", table_name="typed")["TableDescription"]["TableStatus"], "DELETING")
        self.emu.aws("dynamodb", "wait", "table-not-exists", "--table-name", "typed")
        self.assertNotIn("typed", self.cli("list-tables")["TableNames"])


if __name__ == "__main__":
    unittest.main()
