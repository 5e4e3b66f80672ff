"""Tests about DynamoDB share a daemon and make tables in few words."""
import json

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

    def cli(self, command, **options):
        """aws dynamodb COMMAND --option value…: dicts and lists as JSON, True as a bare flag."""
        return self.emu.aws("dynamodb", command, *flags(options))


def flags(options):
    for name, value in options.items():
        yield "--" + name.replace("_", "-")
        if value is not True:
            yield value if isinstance(value, str) else json.dumps(value)
