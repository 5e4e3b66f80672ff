"""PartiQL through boto3: statements, pages, batches and transactions."""
import unittest

from botocore.exceptions import ClientError

from tables import WithTables


class PartiQL(WithTables):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.table(cls, "Tab")
        cls.table(cls, "Sorted", "N")

    def execute(self, statement, *parameters, **more):
        if parameters:
            more["Parameters"] = list(parameters)
        return self.dynamodb.execute_statement(Statement=statement, **more)

    def get(self, pk):
        return self.dynamodb.get_item(TableName="Tab", Key={"pk": {"S": pk}}).get("Item")

    def test_an_item_lives_through_statements(self):
        self.assertEqual(self.execute("INSERT INTO \"Tab\" VALUE {'pk': 'life', 'n': 1, 'tags': <<'x'>>, 'at': ?}", {"B": b"\0\1"})["Items"], [])
        got = self.execute('SELECT * FROM "Tab" WHERE pk = ?', {"S": "life"})["Items"]
        self.assertEqual(got, [{"pk": {"S": "life"}, "n": {"N": "1"}, "tags": {"SS": ["x"]}, "at": {"B": b"\0\1"}}])
        changed = self.execute("UPDATE Tab SET n = n + 41 REMOVE \"at\" WHERE pk = 'life' RETURNING MODIFIED NEW *")["Items"]
        self.assertEqual(changed, [{"n": {"N": "42"}}])
        self.assertEqual(self.execute("DELETE FROM Tab WHERE pk = 'life' RETURNING ALL OLD *")["Items"][0]["n"], {"N": "42"})
        self.assertIsNone(self.get("life"))

    def test_errors_are_typed(self):
        self.execute("INSERT INTO Tab VALUE {'pk': 'twice'}")
        with self.assertRaises(self.dynamodb.exceptions.DuplicateItemException) as caught:
            self.execute("INSERT INTO Tab VALUE {'pk': 'twice'}")
        self.assertEqual(caught.exception.response["Error"]["Message"], "Duplicate primary key exists in table")
        with self.assertRaises(self.dynamodb.exceptions.ConditionalCheckFailedException):
            self.execute("UPDATE Tab SET v = 1 WHERE pk = 'never'")
        with self.assertRaises(self.dynamodb.exceptions.ResourceNotFoundException):
            self.execute("SELECT * FROM nowhere")
        self.assertEqual(self.refused("ValidationException", self.dynamodb.execute_statement, Statement="SELECTT 1"),
                         "Statement wasn't well formed, can't be processed: Expected data manipulation")

    def test_pages_follow_their_tokens(self):
        for sk in range(7):
            self.execute("INSERT INTO Sorted VALUE {'pk': 'paged', 'sk': ?}", {"N": str(sk)})
        seen, token, pages = [], {}, 0
        while True:
            page = self.execute("SELECT sk FROM Sorted WHERE pk = 'paged' ORDER BY sk DESC", Limit=3, **token)
            seen += [int(item["sk"]["N"]) for item in page["Items"]]
            pages += 1
            if "NextToken" not in page:
                break
            token = {"NextToken": page["NextToken"]}
        self.assertEqual((seen, pages), ([6, 5, 4, 3, 2, 1, 0], 3))

    def test_a_batch_answers_each_statement(self):
        self.execute("INSERT INTO Tab VALUE {'pk': 'batched', 'v': 'x'}")
        read = self.dynamodb.batch_execute_statement(ReturnConsumedCapacity="TOTAL", Statements=[
            {"Statement": "SELECT v FROM Tab WHERE pk = ?", "Parameters": [{"S": "batched"}], "ConsistentRead": True},
            {"Statement": "SELECT * FROM Tab WHERE pk = 'nobody'"}, {"Statement": "SELECT * FROM Tab"}])
        self.assertEqual(read["Responses"][:2], [{"TableName": "Tab", "Item": {"v": {"S": "x"}}}, {"TableName": "Tab"}])
        self.assertEqual(read["Responses"][2]["Error"]["Code"], "ValidationError")
        self.assertEqual(read["ConsumedCapacity"], [{"TableName": "Tab", "CapacityUnits": 1.5}])
        written = self.dynamodb.batch_execute_statement(Statements=[
            {"Statement": "INSERT INTO Tab VALUE {'pk': 'batched'}"}, {"Statement": "INSERT INTO Tab VALUE {'pk': 'batched-2'}"}])
        self.assertEqual([r.get("Error", {}).get("Code") for r in written["Responses"]], ["DuplicateItem", None])
        self.assertIsNotNone(self.get("batched-2"))

    def test_a_transaction_is_all_or_nothing(self):
        self.execute("INSERT INTO Tab VALUE {'pk': 'account', 'n': 10}")
        run = lambda *statements, **more: self.dynamodb.execute_transaction(
            TransactStatements=[{"Statement": s} for s in statements], **more)
        with self.assertRaises(self.dynamodb.exceptions.TransactionCanceledException) as caught:
            run("UPDATE Tab SET n = n - 1 WHERE pk = 'account'", "INSERT INTO Tab VALUE {'pk': 'account-2'}",
                "EXISTS(SELECT * FROM Tab WHERE pk = 'gate' AND open = true)")
        self.assertEqual([r["Code"] for r in caught.exception.response["CancellationReasons"]],
                         ["None", "None", "ConditionalCheckFailed"])
        self.assertEqual(self.get("account")["n"], {"N": "10"})
        for _ in range(2):  # the same token: once
            self.assertEqual(run("UPDATE Tab SET n = n - 1 WHERE pk = 'account'", ClientRequestToken="one-time")["Responses"], [])
        read = run("SELECT n FROM Tab WHERE pk = 'account'", "SELECT * FROM Tab WHERE pk = 'account-2'")
        self.assertEqual(read["Responses"], [{"Item": {"n": {"N": "9"}}}, {}])
        with self.assertRaises(ClientError):
            run("SELECT * FROM Tab WHERE pk = 'account'", "DELETE FROM Tab WHERE pk = 'account-2'")


if __name__ == "__main__":
    unittest.main()
