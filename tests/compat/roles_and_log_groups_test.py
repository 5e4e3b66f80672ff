"""IAM roles and CloudWatch log groups, as SDKs and tools create them around functions."""
import json
import unittest

from botocore.exceptions import ClientError
from daemon import WithEmu

TRUST = {"Version": "2012-10-17",
         "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}]}
BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"


class Roles(WithEmu):
    def test_a_role_with_its_policies_from_creation_to_deletion(self):
        iam = self.emu.client("iam")
        role = iam.create_role(RoleName="worker", AssumeRolePolicyDocument=json.dumps(TRUST),
                               Tags=[{"Key": "team", "Value": "a & <b>"}])["Role"]
        self.assertEqual(role["Arn"], "arn:aws:iam::000000000000:role/worker")
        self.assertEqual(role["AssumeRolePolicyDocument"], TRUST)
        self.assertEqual(iam.get_role(RoleName="worker")["Role"]["Tags"], [{"Key": "team", "Value": "a & <b>"}])
        iam.put_role_policy(RoleName="worker", PolicyName="own", PolicyDocument=json.dumps(TRUST))
        self.assertEqual(iam.get_role_policy(RoleName="worker", PolicyName="own")["PolicyDocument"], TRUST)
        iam.attach_role_policy(RoleName="worker", PolicyArn=BASIC)
        attached = iam.list_attached_role_policies(RoleName="worker")["AttachedPolicies"]
        self.assertEqual(attached, [{"PolicyName": "AWSLambdaBasicExecutionRole", "PolicyArn": BASIC}])
        with self.assertRaises(iam.exceptions.DeleteConflictException):
            iam.delete_role(RoleName="worker")
        iam.detach_role_policy(RoleName="worker", PolicyArn=BASIC)
        iam.delete_role_policy(RoleName="worker", PolicyName="own")
        iam.delete_role(RoleName="worker")
        with self.assertRaises(iam.exceptions.NoSuchEntityException) as refused:
            iam.get_role(RoleName="worker")
        self.assertEqual(refused.exception.response["ResponseMetadata"]["HTTPStatusCode"], 404)

    def test_pages_hold_every_role_once(self):
        iam = self.emu.client("iam", access_key="333333333333")
        for name in "abcde":
            iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
        pages = iam.get_paginator("list_roles").paginate(PaginationConfig={"PageSize": 2})
        self.assertEqual([role["RoleName"] for page in pages for role in page["Roles"]], list("abcde"))

    def test_a_bad_name_is_a_validation_error(self):
        with self.assertRaises(ClientError) as refused:
            self.emu.client("iam").create_role(RoleName="a b", AssumeRolePolicyDocument=json.dumps(TRUST))
        self.assertEqual(refused.exception.response["Error"]["Code"], "ValidationError")


class LogGroups(WithEmu):
    def test_a_log_group_and_its_retention(self):
        logs = self.emu.client("logs")
        logs.create_log_group(logGroupName="/app/one", tags={"k": "v"})
        with self.assertRaises(logs.exceptions.ResourceAlreadyExistsException):
            logs.create_log_group(logGroupName="/app/one")
        logs.put_retention_policy(logGroupName="/app/one", retentionInDays=14)
        group = logs.describe_log_groups(logGroupNamePrefix="/app/")["logGroups"][0]
        self.assertEqual(group["retentionInDays"], 14)
        self.assertEqual(group["arn"], "arn:aws:logs:us-east-1:000000000000:log-group:/app/one:*")
        logs.delete_log_group(logGroupName="/app/one")
        with self.assertRaises(logs.exceptions.ResourceNotFoundException):
            logs.delete_log_group(logGroupName="/app/one")


if __name__ == "__main__":
    unittest.main()
