"""STS GetCallerIdentity, over the Query protocol."""
import unittest

from daemon import WithEmu


class CallerIdentity(WithEmu):
    def test_any_credentials_are_account_zero(self):
        identity = self.emu.client("sts").get_caller_identity()
        self.assertEqual(identity["Account"], "000000000000")
        self.assertRegex(identity["Arn"], r"^arn:aws:(iam|sts)::000000000000:")
        self.assertTrue(identity["UserId"])

    def test_a_twelve_digit_access_key_names_the_account(self):
        identity = self.emu.client("sts", access_key="123456789012").get_caller_identity()
        self.assertEqual(identity["Account"], "123456789012")
        self.assertIn("::123456789012:", identity["Arn"])

    def test_the_aws_command_line_sees_the_same(self):
        self.assertEqual(self.emu.aws("sts", "get-caller-identity")["Account"], "000000000000")

    def test_each_request_has_an_id_of_its_own(self):
        sts = self.emu.client("sts")
        ids = {sts.get_caller_identity()["ResponseMetadata"]["RequestId"] for _ in range(3)}
        self.assertEqual(len(ids), 3)

    def test_an_unknown_action_is_an_xml_error(self):
        reply = self.emu.request(
            "POST", "/", "Action=Nonsense&Version=2011-06-15",
            {"content-type": "application/x-www-form-urlencoded",
             "authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=0"})
        self.assertEqual(reply.status, 400)
        self.assertIn("<Code>InvalidAction</Code>", reply.text)


class Isolation(WithEmu):
    def test_accounts_and_regions_have_their_own_resources(self):
        table = {"TableName": "mine", "BillingMode": "PAY_PER_REQUEST",
                 "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
                 "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}]}
        self.emu.client("dynamodb", access_key="111111111111", region="eu-west-1").create_table(**table)
        for access_key, region, there in (("111111111111", "eu-west-1", ["mine"]), ("111111111111", "us-east-1", []),
                                          ("222222222222", "eu-west-1", []), ("test", "eu-west-1", [])):
            listed = self.emu.client("dynamodb", access_key=access_key, region=region).list_tables()["TableNames"]
            self.assertEqual(listed, there, (access_key, region))


if __name__ == "__main__":
    unittest.main()
