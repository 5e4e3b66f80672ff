"""DynamoDB's wire in raw HTTP: what no SDK sends and what every SDK reads. Texts: the specification's section A."""
import gzip
import http.client
import json
import unittest
import zlib

from botocore.loaders import Loader

from daemon import Daemon, WithEmu
from inspect_test import inspected

JSON = "application/x-amz-json-1.0"
MODELS = {"DynamoDB_20120810": "dynamodb", "DynamoDBStreams_20120810": "dynamodbstreams"}
# Members that are kept, or read only far enough to be refused.
UNTYPED = {"ReplicaUpdates", "ReplicationGroup", "InputFormatOptions", "TableCreationParameters", "GlobalTableBillingMode",
           "GlobalTableProvisionedWriteCapacityUnits", "GlobalTableProvisionedWriteCapacityAutoScalingSettingsUpdate",
           "GlobalTableGlobalSecondaryIndexSettingsUpdate", "ReplicaSettingsUpdate"}
# Types that one struct of ours reads, which knows one of their names.
SHARED = {"LocalSecondaryIndex": "GlobalSecondaryIndex", "CreateGlobalSecondaryIndexAction": "GlobalSecondaryIndex",
          "UpdateGlobalSecondaryIndexAction": "GlobalSecondaryIndex", "ExpectedAttributeValue": "Condition"}
SERIALIZATION = "com.amazon.coral.service#SerializationException"


class WithWire(WithEmu):
    def send(self, operation, body="{}", *, prefix="DynamoDB_20120810", status=None, **headers):
        if not isinstance(body, (str, bytes)):
            body = json.dumps(body)
        sent = {"X-Amz-Target": f"{prefix}.{operation}", "Content-Type": JSON}
        sent.update({name.replace("_", "-"): value for name, value in headers.items()})
        reply = self.emu.request("POST", "/", body, sent)
        self.assertEqual(reply.headers["x-amz-crc32"], str(zlib.crc32(reply.body)))
        if status:
            self.assertEqual(reply.status, status, reply.body)
        return reply

    def refusal(self, operation, body, code="com.amazon.coral.validate#ValidationException"):
        error = self.send(operation, body, status=400).json()
        self.assertEqual(error["__type"], code)
        return error.get("message", error.get("Message"))

    def table(self, name):
        self.send("CreateTable", {
            "TableName": name, "BillingMode": "PAY_PER_REQUEST", "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}]}, status=200)


class Wire(WithWire):
    # The first cases of section J, by number.
    def test_1_get_is_told_that_it_is_healthy(self):
        reply = self.emu.request("GET", "/")
        self.assertEqual((reply.status, reply.text), (200, "healthy: dynamodb.us-east-1.amazonaws.com "))

    def test_2_an_unknown_operation(self):
        reply = self.send("Nope", status=400)
        self.assertEqual(reply.text, '{"__type":"com.amazon.coral.service#UnknownOperationException"}')

    def test_3_broken_json(self):
        self.assertEqual(self.send("ListTables", "{", status=400).text, '{"__type":"%s"}' % SERIALIZATION)

    def test_4_a_wrong_type(self):
        self.assertEqual(self.refusal("GetItem", {"TableName": 1}, SERIALIZATION),
                         "NUMBER_VALUE cannot be converted to String")

    def test_5_a_limit_of_zero(self):
        self.assertEqual(self.refusal("ListTables", {"Limit": 0}),
                         "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: "
                         "Member must have value greater than or equal to 1")

    def test_6_a_body_that_is_not_the_gzip_it_says(self):
        error = self.send("ListTables", status=500, Content_Encoding="gzip").json()
        self.assertEqual(error["__type"], "com.amazonaws.dynamodb.v20120810#InternalServerError")

    def test_7_a_long_reply_is_compressed_as_asked(self):
        self.table("long")
        item = {"pk": {"S": "a"}, "x": {"S": "y" * 10_000}}
        self.send("PutItem", {"TableName": "long", "Item": item}, status=200)
        get = {"TableName": "long", "Key": {"pk": {"S": "a"}}}
        for asked, coding, unpack in [("deflate, gzip", "deflate", zlib.decompress), ("gzip", "gzip", gzip.decompress)]:
            reply = self.send("GetItem", get, status=200, Accept_Encoding=asked)
            self.assertEqual(reply.headers["Content-Encoding"], coding)
            self.assertEqual(json.loads(unpack(reply.body)), {"Item": item})
        self.assertIsNone(self.send("GetItem", get, Accept_Encoding="identity").headers["Content-Encoding"])

    def test_8_a_short_table_name(self):
        self.assertEqual(self.refusal("CreateTable", {
            "TableName": "ab", "BillingMode": "PAY_PER_REQUEST", "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "a", "AttributeType": "S"}]}),
            "1 validation error detected: Value 'ab' at 'tableName' failed to satisfy constraint: "
            "Member must have length greater than or equal to 3")

    def test_every_reply_has_awss_headers(self):
        for operation, status in [("ListTables", 200), ("Nope", 400)]:
            headers = self.send(operation, status=status, Content_Type="application/x-amz-json-1.1; charset=utf-8").headers
            self.assertRegex(headers["x-amzn-RequestId"], r"^[A-Z0-9]{52}$")
            self.assertEqual((headers["Content-Type"], headers["Server"], headers["Connection"]),
                             ("application/x-amz-json-1.1", "Server", "keep-alive"))
            self.assertRegex(headers["Date"], r"^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$")

    def test_an_operation_without_output_has_no_body(self):
        self.table("tagged")
        arn = "arn:aws:dynamodb:us-east-1:000000000000:table/tagged"
        reply = self.send("TagResource", {"ResourceArn": arn, "Tags": [{"Key": "k", "Value": "v"}]}, status=200)
        self.assertEqual((reply.body, reply.headers["x-amz-crc32"]), (b"", "0"))
        reply = self.send("UntagResource", {"ResourceArn": arn, "TagKeys": ["k"]}, status=200)
        self.assertEqual(reply.body, b"")

    def test_compressed_requests_in_one_or_several_parts(self):
        body = b'{"Limit":1}'
        for coding, packed in [("gzip", gzip.compress(body)), ("deflate", zlib.compress(body)),
                               ("gzip", gzip.compress(body[:5]) + gzip.compress(body[5:]))]:
            self.send("ListTables", packed, status=200, Content_Encoding=coding)
        self.send("ListTables", gzip.compress(body)[:-1], status=500, Content_Encoding="gzip")
        self.send("ListTables", gzip.compress(b'{"x":"' + b" " * (16 << 20) + b'"}'), status=413, Content_Encoding="gzip")
        self.send("ListTables", b'{"x":"' + b" " * (16 << 20) + b'"}', status=413)

    def test_what_is_no_request_of_ours_is_answered_in_xml(self):
        headers = {"X-Amz-Target": "DynamoDB_20120810.ListTables", "Content-Type": JSON}
        for method, path, type_ in [("PUT", "/", JSON), ("POST", "/x", JSON), ("POST", "/", "text/plain")]:
            reply = self.emu.request(method, path, "{}", {**headers, "Content-Type": type_})
            self.assertEqual((reply.status, reply.text), (404, "<UnknownOperationException/>\n"))

    def test_headers_over_16_kib_are_refused(self):
        self.send("ListTables", status=400, X_Long="x" * (16 << 10))

    def test_a_page_of_another_origin_may_ask_and_call(self):
        asked = {"Origin": "http://localhost:3000", "Access-Control-Request-Method": "POST",
                 "Access-Control-Request-Headers": "content-type,x-amz-target"}
        reply = self.emu.request("OPTIONS", "/", None, asked)
        self.assertEqual((reply.status, reply.headers["Access-Control-Allow-Origin"], reply.headers["Access-Control-Max-Age"],
                          reply.headers["Access-Control-Allow-Headers"], reply.headers["Access-Control-Allow-Methods"]),
                         (200, "*", "172800", "content-type,x-amz-target", "POST"))
        self.assertEqual(self.send("ListTables", Origin="http://localhost:3000").headers["Access-Control-Allow-Origin"], "*")

    def test_one_connection_serves_many_requests(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.emu.port)
        self.addCleanup(connection.close)
        for body in ["{}", "{", "[" * 100_000, '{"Limit":1}']:
            connection.request("POST", "/", body, {"X-Amz-Target": "DynamoDB_20120810.ListTables", "Content-Type": JSON})
            reply = connection.getresponse()
            self.assertIn(reply.status, (200, 400))
            reply.read()


def java(shape, shapes):
    """A type as the texts about arrays spell it."""
    kind = shapes[shape]["type"]
    package = "com.amazonaws.dynamodb.v20120810."
    if kind == "map":
        return f"java.util.Map<java.lang.String, {java(shapes[shape]['value']['shape'], shapes)}>"
    if kind == "list":
        return f"java.util.List<{java(shapes[shape]['member']['shape'], shapes)}>"
    return {"string": "java.lang.String", "structure": package + SHARED.get(shape, shape)}.get(kind)


def expectations(shape, shapes, element):
    """(a wrong value, the text it is refused with) for a member of this shape; `element`: of a list or map."""
    kind = shapes[shape]["type"]
    structure = "Start of structure or map found where not expected"
    named = {"string": "String", "integer": "Integer", "long": "Long", "boolean": "Boolean"}.get(kind)
    if named:
        yield [], f"Unrecognized collection type class java.lang.{named}"
        yield {}, structure
    if kind in ("integer", "long"):
        yield "1", f"STRING_VALUE cannot be converted to {named}"
    if kind in ("string", "integer", "long"):
        yield True, f"TRUE_VALUE cannot be converted to {named}"
    if kind == "string":
        yield False, "FALSE_VALUE cannot be converted to String"
    if kind in ("string", "boolean"):
        yield 1, f"NUMBER_VALUE cannot be converted to {named}"
        yield 1.5, f"DECIMAL_VALUE cannot be converted to {named}"
    if kind == "boolean":
        yield "maybe", "Unexpected token received from parser"
    if kind == "blob":
        yield 1, "only base-64-encoded strings are convertible to bytes"
        yield "abc", "Base64 encoded length is expected a multiple of 4 bytes but found: 3"
    if kind == "list":
        yield {}, structure
    if kind == "map":
        yield [], f"Unrecognized collection type {java(shape, shapes)}"
    if kind == "structure":
        yield [], f"Unrecognized collection type class {java(shape, shapes)}"
    if kind in ("list", "map", "structure") and not (element and kind != "structure"):
        yield "x", "Unexpected value type in payload" if element else "Unexpected field type"


def wrong_inputs(shape, shapes, path, element=False, depth=0):
    """Every (path, wrong value, text) within a shape; a path is of names, None for a list."""
    for value, text in expectations(shape, shapes, element):
        yield path, value, text
    if depth > 7 or shape == "AttributeValue" and depth > 5:
        return
    kind = shapes[shape]["type"]
    below = {"structure": lambda: [(name, m["shape"], False) for name, m in shapes[shape]["members"].items()],
             "list": lambda: [(None, shapes[shape]["member"]["shape"], True)],
             "map": lambda: [("Key", shapes[shape]["value"]["shape"], True)]}.get(kind, list)()
    for step, inner, is_element in below:
        yield from wrong_inputs(inner, shapes, path + [step], is_element, depth + 1)


def placed(path, value):
    for step in reversed(path):
        value = [value] if step is None else {step: value}
    return value


class Types(WithWire):
    def test_every_modelled_member_refuses_other_types_in_awss_words(self):
        operations = json.loads(inspected("--json"))
        loader, checked, wrong = Loader(), 0, []
        for prefix, service in MODELS.items():
            model = loader.load_service_model(service, "service-2")
            for operation, row in operations.get(service, {}).items():
                if operation not in model["operations"]:
                    continue  # newer than this botocore; inspect_test.py says whether it is one of AWS's
                shape = model["operations"][operation]["input"]["shape"]
                connection = http.client.HTTPConnection("127.0.0.1", self.emu.port)
                for path, value, text in wrong_inputs(shape, model["shapes"], []):
                    if not path or path[0] in UNTYPED | set(row["without_effect"]):
                        continue
                    connection.request("POST", "/", json.dumps(placed(path, value)),
                                       {"X-Amz-Target": f"{prefix}.{operation}", "Content-Type": JSON})
                    reply = json.loads(connection.getresponse().read() or b"{}")
                    checked += 1
                    if (reply.get("__type"), reply.get("Message")) != (SERIALIZATION, text):
                        wrong.append((operation, placed(path, value), text, reply))
                connection.close()
        self.assertGreater(checked, 1000)
        self.assertEqual(wrong, [], f"{len(wrong)} of {checked}")


class Classic(WithWire):
    @classmethod
    def daemon(cls):
        return Daemon(options=["--dynamodb-validation", "classic"])

    def test_the_texts_of_before_2026(self):
        self.table("old")
        self.assertEqual(self.refusal("PutItem", {"TableName": "old", "Item": {"pk": {"S": "a"}, "n": {"N": ""}}}),
                         "The parameter cannot be converted to a numeric value")


class ClassicByEnvironment(WithWire):
    @classmethod
    def daemon(cls):
        return Daemon(environment={"EMU_DYNAMODB_VALIDATION": "classic"})

    def test_the_environment_chooses_too(self):
        self.assertEqual(self.refusal("GetItem", {"TableName": "", "Key": {}}),
                         "1 validation error detected: Value '' at 'tableName' failed to satisfy constraint: "
                         "Member must have length greater than or equal to 1")


if __name__ == "__main__":
    unittest.main()
