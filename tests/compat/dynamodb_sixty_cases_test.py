"""The first seven of the sixty cases of DynamoDB, where the bytes on the wire matter: no client in between."""
import base64
import json
import unittest
import zlib

from daemon import WithEmu

JSON = "application/x-amz-json-1.0"


class OnTheWire(WithEmu):
    def ask(self, operation, body, **headers):
        """POSTs bytes (or what json makes of the rest) to an operation; checks the CRC of what comes back."""
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        reply = self.emu.request("POST", "/", body, {
            "X-Amz-Target": f"DynamoDB_20120810.{operation}", "Content-Type": JSON,
            "Authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/dynamodb/aws4_request", **headers})
        self.assertEqual(reply.headers["x-amz-crc32"], str(zlib.crc32(reply.body)))
        return reply

    def test_case_1_a_get_of_the_root_says_healthy(self):
        reply = self.emu.request("GET", "/", headers={"Host": "dynamodb.us-east-1.amazonaws.com"})
        self.assertEqual((reply.status, reply.text), (200, "healthy: dynamodb.us-east-1.amazonaws.com "))

    def test_case_2_an_unknown_operation_is_its_type_alone(self):
        reply = self.ask("Nope", {})
        self.assertEqual(reply.status, 400)
        self.assertEqual(reply.text, '{"__type":"com.amazon.coral.service#UnknownOperationException"}')

    def test_case_3_a_body_that_is_no_json_is_its_type_alone(self):
        reply = self.ask("ListTables", b"{")
        self.assertEqual(reply.status, 400)
        self.assertEqual(reply.text, '{"__type":"com.amazon.coral.service#SerializationException"}')

    def test_case_4_a_value_of_another_type_is_a_serialization_exception(self):
        reply = self.ask("GetItem", {"TableName": 1})
        self.assertEqual(reply.status, 400)
        self.assertEqual(reply.json(), {"__type": "com.amazon.coral.service#SerializationException",
                                        "Message": "NUMBER_VALUE cannot be converted to String"})

    def test_case_5_a_limit_of_zero_breaks_a_constraint(self):
        reply = self.ask("ListTables", {"Limit": 0})
        self.assertEqual(reply.status, 400)
        self.assertEqual(reply.json(), {
            "__type": "com.amazon.coral.validate#ValidationException",
            "message": "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have "
                       "value greater than or equal to 1"})

    def test_case_6_a_plain_body_that_claims_to_be_gzip_is_an_internal_error(self):
        self.assertEqual(self.ask("ListTables", b"{}", **{"Content-Encoding": "gzip"}).status, 500)

    def test_case_7_a_large_reply_is_compressed_as_the_client_prefers_and_checked_as_sent(self):
        self.ask("CreateTable", {
            "TableName": "large", "BillingMode": "PAY_PER_REQUEST", "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}]})
        item = {"pk": {"S": "a"}, "b": {"B": base64.b64encode(bytes(range(256)) * 40).decode()}}
        self.ask("PutItem", {"TableName": "large", "Item": item})
        reply = self.ask("GetItem", {"TableName": "large", "Key": {"pk": {"S": "a"}}}, **{"Accept-Encoding": "deflate, gzip"})
        self.assertEqual((reply.status, reply.headers["Content-Encoding"]), (200, "deflate"))
        self.assertLess(len(reply.body), 10_000)
        self.assertEqual(json.loads(zlib.decompress(reply.body)), {"Item": item})


if __name__ == "__main__":
    unittest.main()
