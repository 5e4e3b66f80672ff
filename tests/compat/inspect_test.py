"""`emu inspect ops` against botocore's own models: no parameter of an operation we have may be unknown to us."""
import json
import subprocess
import unittest

from botocore.loaders import Loader

from daemon import EMU, ROOT

# Every service of ours, by the name of its model there: one that is missing here fails below.
MODELS = {"apigateway": "apigateway", "apigatewayv2": "apigatewayv2", "dynamodb": "dynamodb", "dynamodbstreams": "dynamodbstreams", "iam": "iam", "lambda": "lambda", "logs": "logs", "sqs": "sqs", "sts": "sts"}

# Members of botocore's model that are knowingly absent: "service.Operation.Member" with the reason.
ABSENT = {}
# Operations that Debian's botocore is too old to know; the AWS SDK for JavaScript drives them.
NEWER = {"UpdateKinesisStreamingDestination", "PutResourcePolicy", "GetResourcePolicy", "DeleteResourcePolicy",
         "StartMessageMoveTask", "CancelMessageMoveTask", "ListMessageMoveTasks",
         "InvokeWithResponseStream", "GetFunctionRecursionConfig", "PutFunctionRecursionConfig",
         "GetRuntimeManagementConfig", "PutRuntimeManagementConfig",
         "CreateCapacityProvider", "DeleteCapacityProvider", "GetCapacityProvider", "ListCapacityProviders",
         "UpdateCapacityProvider", "ListFunctionVersionsByCapacityProvider", "GetFunctionScalingConfig",
         "PutFunctionScalingConfig", "CheckpointDurableExecution", "GetDurableExecution", "GetDurableExecutionHistory",
         "GetDurableExecutionState", "ListDurableExecutionsByFunction", "SendDurableExecutionCallbackFailure",
         "SendDurableExecutionCallbackHeartbeat", "SendDurableExecutionCallbackSuccess", "StopDurableExecution"}


def inspected(*options):
    return subprocess.run([EMU, "inspect", "ops", *options], capture_output=True, text=True, check=True).stdout


class Operations(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.services = json.loads(inspected("--json"))
        cls.loader = Loader()

    def model(self, service):
        return self.loader.load_service_model(MODELS[service], "service-2")

    def test_the_foundations_operations_are_there(self):
        expected = {
            "lambda": ["CreateFunction", "GetFunction", "ListFunctions", "DeleteFunction", "UpdateFunctionCode",
                       "UpdateFunctionConfiguration", "Invoke"],
            "dynamodb": ["CreateTable", "DescribeTable", "DeleteTable", "ListTables", "PutItem", "GetItem", "UpdateItem",
                         "DeleteItem", "Query", "Scan"],
            "sts": ["GetCallerIdentity"]}
        for service, operations in expected.items():
            self.assertLessEqual(set(operations), set(self.services[service]), service)

    def test_every_operation_is_one_that_aws_has(self):
        for service, operations in self.services.items():
            self.assertLessEqual(set(operations) - set(self.model(service)["operations"]), NEWER, service)

    def test_every_input_member_of_aws_is_known_to_us(self):
        unknown = []
        for service, operations in self.services.items():
            model = self.model(service)
            for operation, row in operations.items():
                shape = model["operations"].get(operation, {}).get("input", {}).get("shape")
                if shape is None:
                    continue
                ours = {name.lower() for name in row["members"]}
                unknown += [f"{service}.{operation}.{member}" for member in model["shapes"][shape]["members"]
                            if member.lower() not in ours]
        self.assertEqual(sorted(set(unknown) - set(ABSENT)), [])
        self.assertEqual(sorted(set(ABSENT) - set(unknown)), [], "listed as absent, but known")

    def test_what_has_no_effect_is_a_member(self):
        for service, operations in self.services.items():
            for operation, row in operations.items():
                self.assertLessEqual(set(row["without_effect"]), set(row["members"]), f"{service}.{operation}")

    def test_the_plain_and_the_markdown_form_list_every_operation(self):
        plain, markdown = inspected().splitlines(), inspected("--markdown")
        for service, operations in self.services.items():
            for operation in operations:
                self.assertTrue(any(line.startswith(f"{service}.{operation}") for line in plain), operation)
                self.assertIn(f"| {operation} |", markdown)


class Page(unittest.TestCase):
    def test_the_compatibility_page_is_what_this_emu_says(self):
        self.assertEqual((ROOT / "docs/compatibility.md").read_text(), inspected("--markdown"),
                         "docs/compatibility.md is old: make docs")


if __name__ == "__main__":
    unittest.main()
